import CloudFuzz
import Foundation

/// The process that runs one target, seen from the one that outlives it.
struct FuzzWorker {
    let command: CloudFuzzCommand
    let target: FuzzTarget

    /// Where the input that runs is kept.
    static func boxPath(_ folder: String, _ target: FuzzTarget) -> String { "\(folder)/\(target.rawValue).running" }

    /// How to run a saved input again.
    static func reproduction(_ target: FuzzTarget, _ path: String) -> String {
        "reproduce: make fuzz FUZZ_TARGET=\(target.rawValue) FUZZ_INPUT=\(path)"
    }

    /// The most memory that this process has had.
    static func peakMebibytes() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1_024
    }

    /// Runs the process; `false` when it found something or died.
    func run() throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments =
            [
                "--worker", "--target", target.rawValue, "--count", String(command.count), "--seed",
                String(command.seed), "--limit", String(command.limit), "--corpus", command.corpus, "--crashes",
                command.crashes,
            ] + (command.seconds.map { ["--seconds", String($0)] } ?? [])
        try process.run()
        process.waitUntilExit()
        if process.terminationReason == .exit { return process.terminationStatus == 0 }
        let input = try BlackBox(path: Self.boxPath(command.crashes, target)).kept
        let path = "\(command.crashes)/\(target.rawValue)-\(command.seed)-crash.input"
        try Data(input).write(to: URL(filePath: path))
        let signal = process.terminationStatus
        let cause = signal == SIGABRT ? "took longer than \(command.limit) s, or aborted" : "ended by signal \(signal)"
        print("\(target.rawValue): \(cause); the input is \(path)\n    \(Self.reproduction(target, path))")
        return false
    }
}
