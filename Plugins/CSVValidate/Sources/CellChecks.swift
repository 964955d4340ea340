import TabularData

/// The compiled rules of each file column.
struct CellChecks {
    private enum Rule {
        case none
        case text
        case enumeration([[UInt8]])
        case integer(ClosedRange<Int64>)
        case decimal(ClosedRange<Double>)
    }

    private let rules: [Rule]
    private let columns: [TableSchema.Column?]
    private let tenure: Int?
    private let total: Int?
    private let rowRules: [ServiceRule]
    private let level: ValidationParameters.Level

    /// A service that the row's provider column rules out or in.
    private struct ServiceRule {
        let parent: Int
        let child: Int
        let absence: [UInt8]
    }

    init(_ header: HeaderBinding, level: ValidationParameters.Level) {
        self.level = level
        columns = header.columns
        rules = header.columns.map { column in
            switch column?.kind {
            case nil: .none
            case .text: .text
            case .enumeration(let values): .enumeration(values.map { Array($0.utf8) })
            case .integer(let range): .integer(range)
            case .decimal(let range): .decimal(range)
            }
        }
        tenure = header.index(of: "tenure")
        total = header.index(of: "TotalCharges")
        rowRules = level == .business ? Self.serviceRules(header) : []
    }

    private static func serviceRules(_ header: HeaderBinding) -> [ServiceRule] {
        let internet = [
            "OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies",
        ]
        let pairs =
            [("PhoneService", "MultipleLines", "No phone service")]
            + internet.map { ("InternetService", $0, "No internet service") }
        return pairs.compactMap { parent, child, absence in
            guard let parent = header.index(of: parent), let child = header.index(of: child) else { return nil }
            return ServiceRule(parent: parent, child: child, absence: Array(absence.utf8))
        }
    }

    func check(_ record: borrowing CSVRecord, for validator: TableValidator) {
        if record.raw.hasControlByte { noteControl(record, validator) }
        for index in 0..<rules.count {
            let field = record[index]
            if field.isEmpty {
                validator.blanksPerColumn[index] += 1
                if level != .structure, columns[index] != nil { noteBlank(record, index, validator) }
                continue
            }
            let first = field[0]
            let last = field[field.count - 1]
            if first <= 0x20 || last <= 0x20 {
                checkPadded(record, index, validator)
            } else if level != .structure {
                checkCell(field, record, index, validator)
            }
        }
        for rule in rowRules { check(rule, record, validator) }
    }

    /// A cell with blanks at its ends: the blanks are a warning, the rest is checked.
    private func checkPadded(_ record: borrowing CSVRecord, _ index: Int, _ validator: TableValidator) {
        guard level != .structure else { return }
        let field = record[index]
        let core = field.trimmed
        guard !core.isEmpty else {
            validator.blanksPerColumn[index] += 1
            if columns[index] != nil { noteBlank(record, index, validator) }
            return
        }
        if core.count != field.count {
            note(.whitespace, record, index, validator, "the cell has blanks at its ends", fix: "Delete the blanks.")
        }
        checkCell(core, record, index, validator)
    }

    @inline(__always)
    private func checkCell(
        _ field: CSVField, _ record: borrowing CSVRecord, _ index: Int, _ validator: TableValidator
    ) {
        switch rules[index] {
        case .enumeration(let values):
            for value in values where field.equals(value) { return }
            noteNotListed(field, values, record, index, validator)
        case .integer(let range):
            if let number = field.integer {
                if !range.contains(number) { noteRange(number < range.lowerBound, record, index, validator) }
            } else {
                noteNotNumber(.typeInteger, field, record, index, validator)
            }
        case .decimal(let range):
            if let number = field.decimal {
                if !range.contains(number) { noteRange(number < range.lowerBound, record, index, validator) }
            } else {
                noteNotNumber(.typeDecimal, field, record, index, validator)
            }
        case .none, .text:
            let first = field[0]
            // Formulas start with one of = + - @.
            if first == 0x3D || first == 0x2B || first == 0x2D || first == 0x40,
                field.withUnsafeBytes(CSVWriter.isFormula)
            {
                note(
                    .formulaInjection, record, index, validator, "a spreadsheet would run the cell as a formula",
                    fix: "Put an apostrophe in front of it.")
            }
        }
    }

    private func noteBlank(_ record: borrowing CSVRecord, _ index: Int, _ validator: TableValidator) {
        guard let column = columns[index] else { return }
        if index == total, let tenure, record[tenure].trimmed.integer == 0 {
            note(
                .required, severity: .warning, record, index, validator,
                "TotalCharges is blank because tenure is 0: nothing has been billed yet",
                fix: "Nothing to do; it counts as missing.")
            return
        }
        guard column.isRequired else { return }
        note(.required, record, index, validator, "the cell is blank", fix: "Fill in \(column.expectation).")
    }

    private func noteNotListed(
        _ field: CSVField, _ values: [[UInt8]], _ record: borrowing CSVRecord, _ index: Int,
        _ validator: TableValidator
    ) {
        if isPlaceholder(field) {
            notePlaceholder(record, index, validator)
            return
        }
        let key = HeaderBinding.key(field.string)
        let meant = values.map { String(decoding: $0, as: UTF8.self) }.first { HeaderBinding.key($0) == key }
        note(
            .enumeration, record, index, validator, "the value is none of those allowed",
            fix: meant.map { "Write “\($0)”." } ?? "Use one of the allowed values.")
    }

    private func noteNotNumber(
        _ code: IssueCode, _ field: CSVField, _ record: borrowing CSVRecord, _ index: Int,
        _ validator: TableValidator
    ) {
        if isPlaceholder(field) {
            notePlaceholder(record, index, validator)
            return
        }
        switch NumberLook(field) {
        case .currency:
            note(
                .numberCurrency, record, index, validator, "the number has a currency sign",
                fix: "Write digits and a point only.")
        case .locale:
            note(
                .numberLocale, record, index, validator, "the number has a decimal comma or separators",
                fix: "Write digits and a point only.")
        case .other:
            note(code, record, index, validator, "the cell is not a number of this kind", fix: "Correct the cell.")
        }
    }

    private func noteRange(_ isLow: Bool, _ record: borrowing CSVRecord, _ index: Int, _ validator: TableValidator) {
        note(
            isLow ? .rangeMin : .rangeMax, record, index, validator,
            isLow ? "the number is too small" : "the number is too large", fix: "Correct the cell or its unit.")
    }

    private func notePlaceholder(_ record: borrowing CSVRecord, _ index: Int, _ validator: TableValidator) {
        note(
            .placeholderNull, record, index, validator, "the cell holds a placeholder instead of a value",
            fix: "Fill in the value or leave the cell empty.")
    }

    private func noteControl(_ record: borrowing CSVRecord, _ validator: TableValidator) {
        for index in 0..<record.count where record[index].hasControlByte {
            note(
                .controlCharacter, record, index, validator, "the cell holds a control character",
                fix: "Delete the character.")
        }
    }

    private func check(_ rule: ServiceRule, _ record: borrowing CSVRecord, _ validator: TableValidator) {
        let isOff = record[rule.parent].equals("No")
        let saysOff = record[rule.child].equals(rule.absence)
        guard isOff != saysOff, !record[rule.child].isBlank, !record[rule.parent].isBlank else { return }
        note(
            .rowRule, record, rule.child, validator, "the cell contradicts the service that it depends on",
            fix: "Correct one of the two cells.")
    }

    private func note(
        _ code: IssueCode, severity: Severity? = nil, _ record: borrowing CSVRecord, _ index: Int,
        _ validator: TableValidator, _ message: @autoclosure () -> String, fix: @autoclosure () -> String
    ) {
        let field = record[index]
        let expected = columns[index]?.expectation
        validator.noteRow(code, record, severity: severity, column: index) {
            var issue = Issue(code, message(), fix: fix())
            issue.value = validator.shown(field, column: index)
            issue.expected = expected
            return issue
        }
    }

    private func isPlaceholder(_ field: CSVField) -> Bool {
        guard field.count <= 7 else { return false }
        return ["na", "n/a", "nan", "null", "none", "-", "--", "?", ".", "nil", "unknown", "#n/a"]
            .contains(field.string.lowercased())
    }
}

/// Why a cell that should be a number is none.
enum NumberLook {
    case currency, locale, other

    init(_ field: CSVField) {
        let text = field.string
        var digits = 0
        var hasSign = false
        var hasSeparator = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9": digits += 1
            case ",", "'", " ", "\u{A0}", "\u{202F}": hasSeparator = true
            case ".", "-", "+": break
            default:
                guard scalar.properties.generalCategory == .currencySymbol else {
                    self = .other
                    return
                }
                hasSign = true
            }
        }
        if digits == 0 {
            self = .other
        } else if hasSign {
            self = .currency
        } else {
            self = hasSeparator ? .locale : .other
        }
    }
}
