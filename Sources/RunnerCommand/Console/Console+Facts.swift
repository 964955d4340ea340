extension Console {
    /// Writes labels and values in two columns.
    func facts(_ facts: [(label: String, value: String)], indent: Int = 2) {
        let widest = facts.reduce(0) { max($0, TextWidth.of($1.label)) }
        for (label, value) in facts {
            let padding = String(repeating: " ", count: widest - TextWidth.of(label))
            let start = String(repeating: " ", count: indent)
            out.line(start + out.styled(label, .dim) + padding + "  " + TextWidth.sanitized(value))
        }
    }

    /// Says on standard error why a command gives up.
    func report(_ failure: CommandFailure) {
        err.line(err.styled("error:", .red) + " " + TextWidth.sanitized(failure.message))
        if let next = failure.nextStep { err.line(err.styled("next:", .bold) + "  " + TextWidth.sanitized(next)) }
    }
}
