import CHandlerABI
import HandlerCalls

extension HandlerArguments {
    /// Notes the use of a handle after its end.
    static func stale(_ what: String) -> Int32 {
        HostLogLines.misbehaviour("\(what) was used after its end")
        return JH_E_STALE
    }
}
