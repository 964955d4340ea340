extension JobInput {
    /// What is left of the input, block by block; stops with ``HandlerError/cancelled`` once the run is told to.
    ///
    /// ```swift
    /// for try await block in try job.input("csv").blocks { lines += block.count { $0 == 10 } }
    /// ```
    public var blocks: JobInputBlocks { JobInputBlocks(input: self) }

    /// What is left of the input, line by line; stops with ``HandlerError/cancelled`` once the run is told to.
    ///
    /// ```swift
    /// for try await line in try job.input("csv").lines() { … }
    /// ```
    ///
    /// - Parameter limit: the longest line, in bytes.
    /// - Returns: the lines without their ends (`\n` or `\r\n`).
    public func lines(limit: Int = 1 << 20) -> JobInputLines {
        JobInputLines(input: self, limit: limit)
    }
}

/// The blocks of an input, of 1 to ``JobInput/blockSize`` bytes.
public struct JobInputBlocks: AsyncSequence {
    /// Gives the blocks; functions that are not `async` call its `next` without `await`.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let input: JobInput

        /// The next block.
        ///
        /// - Returns: the block; `nil` at the end.
        /// - Throws: ``HandlerError/cancelled``, and as ``JobInput/nextBlock()``.
        public mutating func next() throws(HandlerError) -> [UInt8]? {
            try input.checkCancelled()
            return try input.nextBlock()
        }
    }

    let input: JobInput

    /// Starts where the input stands.
    ///
    /// - Returns: the iterator.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(input: input) }
}

/// The lines of an input, which is UTF-8.
public struct JobInputLines: AsyncSequence {
    /// Gives the lines; functions that are not `async` call its `next` without `await`.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let input: JobInput
        private let limit: Int
        private var block: [UInt8] = []
        private var position = 0
        private var isAtEnd = false
        /// The number of the line that `next` gave last, from 1; 0 before the first.
        public private(set) var lineNumber = 0

        init(input: JobInput, limit: Int) {
            self.input = input
            self.limit = limit
        }

        /// The next line.
        ///
        /// - Returns: the line without its end; `nil` at the end.
        /// - Throws: ``HandlerError/invalidInput(code:message:row:column:hint:details:)`` with code `line-too-long` or
        ///   `not-utf8` and the line's number; ``HandlerError/cancelled``; and as ``JobInput/nextBlock()``.
        public mutating func next() throws(HandlerError) -> String? {
            var line: [UInt8] = []
            while true {
                if position == block.count, !(try fetch()) {
                    return line.isEmpty ? nil : try text(line)
                }
                let end = block[position...].firstIndex(of: UInt8(ascii: "\n"))
                line.append(contentsOf: block[position..<(end ?? block.count)])
                guard line.count <= limit else {
                    throw .invalidInput(
                        code: "line-too-long",
                        message: "the input \(input.name) has a line of more than \(limit) bytes",
                        row: lineNumber + 1)
                }
                position = end.map { $0 + 1 } ?? block.count
                if end != nil { return try text(line) }
            }
        }

        private mutating func fetch() throws(HandlerError) -> Bool {
            guard !isAtEnd else { return false }
            try input.checkCancelled()
            guard let next = try input.nextBlock() else {
                isAtEnd = true
                return false
            }
            block = next
            position = 0
            return true
        }

        private mutating func text(_ line: [UInt8]) throws(HandlerError) -> String {
            lineNumber += 1
            let content = line.last == UInt8(ascii: "\r") ? line[..<(line.count - 1)] : line[...]
            guard let text = String(validating: content, as: UTF8.self) else {
                throw .invalidInput(
                    code: "not-utf8", message: "the input \(input.name) is not UTF-8 in line \(lineNumber)",
                    row: lineNumber, hint: "Save the file as UTF-8.")
            }
            return text
        }
    }

    let input: JobInput
    let limit: Int

    /// Starts where the input stands.
    ///
    /// - Returns: the iterator.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(input: input, limit: limit) }
}
