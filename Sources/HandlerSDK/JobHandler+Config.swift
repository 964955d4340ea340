public import PureJSON

extension JobHandler {
    /// Decodes a handler's configuration, for its `init`.
    ///
    /// - Parameters:
    ///   - config: what `init` was given.
    ///   - type: the type; members that it does not have are ignored.
    /// - Returns: the value.
    /// - Throws: ``HandlerError/failed(code:message:)`` with code `config-invalid` and the place.
    public static func settings<Settings: Decodable>(
        _ config: JSONValue, as type: Settings.Type = Settings.self
    ) throws(HandlerError) -> Settings {
        do {
            return try config.decode(type)
        } catch {
            throw .failed(code: "config-invalid", message: "the configuration does not fit \(error)")
        }
    }
}
