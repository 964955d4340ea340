/// Makes cell values fit for reports: short, and unreadable where they may identify a person.
enum ValueMask {
    /// The value as reports show it, at most 64 bytes.
    ///
    /// - Parameters:
    ///   - text: The cell.
    ///   - isPersonal: Whether letters and digits past the second are replaced by `*`.
    /// - Returns: The text to show, control characters written out.
    static func show(_ text: String, isPersonal: Bool) -> String {
        var shown = ""
        var kept = 0
        for scalar in text.unicodeScalars {
            if shown.utf8.count > 58 { return shown + "…" }
            if scalar.properties.generalCategory == .control {
                shown += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else if isPersonal, scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                kept += 1
                if kept <= 2 { shown.unicodeScalars.append(scalar) } else { shown += "*" }
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
