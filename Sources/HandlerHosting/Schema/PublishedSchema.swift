/// The JSON Schema of manifests, for editors and for tests of the reader.
package enum PublishedSchema {
    /// The document, as it is checked in beside this file: JSON Schema 2020-12, UTF-8.
    package static var text: String { String(decoding: PackageResources.handler_schema_json, as: UTF8.self) }
}
