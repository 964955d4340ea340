public import HandlerSDK
import TemplateHandler

/// What the host calls after loading the library.
@c @implementation
public func jobhandler_v1(_ host: UnsafePointer<jh_host>!) -> UnsafePointer<jh_handler>! {
    JobHandlerExport.entry(TemplateHandler.self)
}
