public import CHandlerABI
import ChurnPredict
import HandlerSDK

/// The library's entry point.
///
/// - Parameter host: what the host offers; lives as long as the process.
/// - Returns: the handler's table.
@c @implementation
public func jobhandler_v1(_ host: UnsafePointer<jh_host>!) -> UnsafePointer<jh_handler>! {
    unsafe JobHandlerExport.entry(ChurnPredictHandler.self)
}
