import CHostProcess
import Glibc
import HostProtocol
import JobCore

/// The files of one run on the runner's side.
struct RunFiles {
    let inputNames: [String]
    let descriptors: [Int32]

    /// Opens the inputs.
    init(_ invocation: HandlerInvocation, inputLimits: [String: Int64]) throws(RunFilesFault) {
        let names = invocation.inputs.keys.sorted()
        guard names.count <= Int(HOST_MAX_FDS) else { throw .tooManyInputs(count: names.count) }
        var opened: [Int32] = []
        for name in names {
            let path = invocation.inputs[name] ?? ""
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                let code = errno
                for other in opened { DescriptorCloser.close(other) }
                throw .input(name: name, errno: code)
            }
            opened.append(descriptor)
            var status = stat()
            let size = unsafe fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
            if let limit = inputLimits[name], size > limit {
                for other in opened { DescriptorCloser.close(other) }
                throw .inputTooLarge(name: name, size: size, limit: limit)
            }
        }
        inputNames = names
        descriptors = opened
    }

    /// Moves outputs to where the handler cannot reach them any more.
    ///
    /// - Returns: the outputs at their new places, with the sizes that they have there.
    static func take(
        _ outputs: [HostFinish.Output], from directory: RunDirectory, to target: String
    ) throws(RunFilesFault) -> [ProducedOutput] {
        let place = unsafe open(target, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard place >= 0 else { throw .directory(path: target, errno: errno) }
        defer { DescriptorCloser.close(place) }
        var taken: [ProducedOutput] = []
        for output in outputs {
            let size = unsafe host_take_file(directory.outputs, output.name, place)
            guard size >= 0 else { throw .output(name: output.name, errno: Int32(-size)) }
            taken.append(
                ProducedOutput(
                    name: output.name, path: target + "/" + output.name, sizeBytes: size,
                    contentType: output.contentType))
        }
        return taken
    }

    func closeInputs() {
        for descriptor in descriptors { DescriptorCloser.close(descriptor) }
    }
}

/// Why a run could not even begin.
enum RunFilesFault: Error {
    case output(name: String, errno: Int32)
    case directory(path: String, errno: Int32)
    case input(name: String, errno: Int32)
    case inputTooLarge(name: String, size: Int64, limit: Int64)
    case tooManyInputs(count: Int)

    var outcome: HandlerOutcome {
        switch self {
        case .directory(let path, let code):
            .retry(after: nil, code: "scratch-unavailable", message: "\(path) cannot be made (errno \(code))")
        case .output(let name, ENXIO):
            .failed(code: "output-not-a-file", message: "the output \(name) is no regular file of its own")
        case .output(let name, let code):
            .retry(after: nil, code: "output-unreadable", message: "the output \(name) cannot be taken (errno \(code))")
        case .input(let name, let code):
            .retry(after: nil, code: "input-unreadable", message: "the input \(name) cannot be opened (errno \(code))")
        case .inputTooLarge(let name, let size, let limit):
            .invalidInput(
                code: "input-too-large",
                message: "the input \(name) has \(size) bytes, the handler takes at most \(limit)")
        case .tooManyInputs(let count):
            .invalidInput(
                code: "too-many-inputs", message: "expected at most \(HOST_MAX_FDS) inputs, found \(count)")
        }
    }
}
