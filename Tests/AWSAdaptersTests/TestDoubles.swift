import AWSAdapters
import AWSWire
import Foundation
import HTTPTransport
import HTTPTypes
import JobCore
import Synchronization

/// A clock on which waiting takes no time but moves the clock, and is written down.
final class InstantClock: RunnerClock {
    private let state: Mutex<(now: Timestamp, sleeps: [Duration])>

    init(now: Timestamp = Timestamp(seconds: 1_800_000_000)) { state = Mutex((now, [])) }

    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func now() -> Timestamp { state.withLock { $0.now } }

    func uptime() -> Duration { now() - Timestamp(seconds: 0) }

    func sleep(for duration: Duration) async throws(CancellationError) {
        if Task.isCancelled { throw CancellationError() }
        state.withLock { state in
            state.now = state.now + duration
            state.sleeps.append(duration)
        }
    }

    func advance(by duration: Duration) { state.withLock { $0.now = $0.now + duration } }
}

/// A transport whose answers are given in advance, and which keeps the requests.
final class ScriptedTransport: HTTPTransport {
    typealias Answer = Result<TransportResponse, TransportError>

    private let state: Mutex<(answers: [Answer], requests: [TransportRequest])>

    /// After the last answer the last one is given again.
    init(_ answers: [Answer]) { state = Mutex((answers, [])) }

    var requests: [TransportRequest] { state.withLock { $0.requests } }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
        let response = try answer.get()
        if response.head.status.code < 300 { response.body.withUnsafeBytes { request.observer?.received($0) } }
        return response
    }

    static func answer(_ status: Int, _ body: String = "{}", _ headers: [HTTPField.Name: String] = [:]) -> Answer {
        var head = HTTPResponse(status: .init(code: status))
        for (name, value) in headers { head.headerFields[name] = value }
        return .success(TransportResponse(head: head, body: Array(body.utf8)))
    }

    static func refusal(_ status: Int, _ shape: String, _ headers: [HTTPField.Name: String] = [:]) -> Answer {
        answer(status, #"{"__type":"com.amazonaws.sqs#\#(shape)","message":"no"}"#, headers)
    }
}

/// A number that grows.
final class Counter: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func increment() { number.withLock { $0 += 1 } }
}

/// Credentials with a number that grows when they are said to be bad.
final class RotatingCredentials: CredentialProvider {
    private let generation = Counter()

    func credentials() async throws(CredentialError) -> AWSCredentials {
        AWSCredentials(accessKeyID: "KEY\(generation.value)", secretAccessKey: "secret")
    }

    func invalidate(_ credentials: AWSCredentials) async { generation.increment() }
}
