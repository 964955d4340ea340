import ColumnMap
public import CHandlerABI
import HandlerSDK

/// What the host calls after loading the library.
@c @implementation
public func jobhandler_v1(_ host: UnsafePointer<jh_host>!) -> UnsafePointer<jh_handler>! {
    unsafe JobHandlerExport.entry(ColumnMapHandler.self)
}
