/// Changes to a manifest's text that leave everything else as its author wrote it.
enum ManifestEdit {
    /// Puts texts in the place of scalars.
    ///
    /// - Parameters:
    ///   - text: the manifest.
    ///   - values: where a scalar of one line starts, the scalar as it stands there, and the new one.
    /// - Returns: the new text; `nil` when something else stands at one of the places.
    static func replacing(
        in text: String, _ values: [(place: SourcePlace, old: String, new: String)]
    ) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        // From the end, so that earlier places stay where they are.
        let ordered = values.sorted { ($0.place.line, $0.place.column) > ($1.place.line, $1.place.column) }
        for (place, old, new) in ordered {
            guard lines.indices.contains(place.line - 1) else { return nil }
            var line = lines[place.line - 1]
            var start = place.column - 1
            if line.indices.contains(start), line[start] == "\"" || line[start] == "'" { start += 1 }
            let scalars = Array(old.unicodeScalars)
            guard start + scalars.count <= line.count, Array(line[start..<(start + scalars.count)]) == scalars else {
                return nil
            }
            line.replaceSubrange(start..<(start + scalars.count), with: Array(new.unicodeScalars))
            lines[place.line - 1] = line
        }
        var scalars = String.UnicodeScalarView()
        for (number, line) in lines.enumerated() {
            if number > 0 { scalars.append("\n") }
            scalars.append(contentsOf: line)
        }
        return String(scalars)
    }

    /// Adds a line that names the signature.
    static func addingSignature(to text: String, keyID: String, file: String) -> String {
        let end = text.hasSuffix("\n") ? "" : "\n"
        return text + end + "signature: { keyId: \(keyID), file: \(file) }\n"
    }
}
