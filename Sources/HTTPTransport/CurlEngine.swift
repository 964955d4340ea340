internal import CCurlShims
internal import CLibcurl
internal import Glibc
internal import Synchronization

/// The thread that drives libcurl's multi interface, and the door to it.
final class CurlEngine: Sendable {
    private struct State: Sendable {
        var pending: [CurlTransfer] = []
        var cancelled: [CurlTransfer] = []
        var isRunning = false
        var isStopping = false
        var hasStopped = false
        var whenStopped: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let multi: MultiHandle

    private let threadName: String

    init(limits: CurlTransport.Limits, threadName: String) {
        multi = MultiHandle(limits: limits)
        self.threadName = threadName
    }

    /// Hands a transfer to the thread; its completion is called there, or here when the engine has been stopped.
    func submit(_ transfer: CurlTransfer) {
        let isAccepted = state.withLock { state in
            guard !state.isStopping else { return false }
            state.pending.append(transfer)
            if !state.isRunning {
                state.isRunning = true
                startThread()
            }
            multi.wake()
            return true
        }
        if !isAccepted { transfer.complete(.failure(.shutDown)) }
    }

    /// Ends a transfer early; one that has ended already is left alone.
    func cancel(_ transfer: CurlTransfer) {
        transfer.requestCancellation()
        state.withLock { state in
            guard state.isRunning, !state.hasStopped else { return }
            state.cancelled.append(transfer)
            multi.wake()
        }
    }

    /// Asks the thread to end, and calls `completion` when it has.
    func stop(_ completion: (@Sendable () -> Void)? = nil) {
        let isOver = state.withLock { state in
            state.isStopping = true
            guard state.isRunning, !state.hasStopped else { return true }
            if let completion { state.whenStopped.append(completion) }
            multi.wake()
            return false
        }
        if isOver { completion?() }
    }

    private func startThread() {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let status = unsafe pthread_create(
            &thread, &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<CurlEngine>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        precondition(status == 0, "the system refuses another thread (errno \(status))")
        unsafe pthread_attr_destroy(&attributes)
    }

    /// The thread's loop: takes in new work, lets libcurl work, hands out results, sleeps until something happens.
    private func run() {
        unsafe shim_name_thread(threadName)
        var running: [ObjectIdentifier: CurlTransfer] = [:]
        while true {
            let (pending, cancelled, isStopping) = state.withLock { state in
                defer {
                    state.pending = []
                    state.cancelled = []
                }
                return (state.pending, state.cancelled, state.isStopping)
            }
            guard !isStopping else {
                finish(Array(running.values) + pending)
                return
            }
            for transfer in pending where begin(transfer) { running[ObjectIdentifier(transfer)] = transfer }
            for transfer in cancelled where running[ObjectIdentifier(transfer)] != nil {
                running[ObjectIdentifier(transfer)] = nil
                multi.end(transfer)
                transfer.complete(.failure(.cancelled(host: transfer.host)))
            }
            multi.perform()
            while let (transfer, code) = multi.nextDone(among: running) {
                running[ObjectIdentifier(transfer)] = nil
                let result = transfer.result(code)
                multi.end(transfer)
                transfer.complete(result)
            }
            multi.wait()
        }
    }

    private func begin(_ transfer: CurlTransfer) -> Bool {
        guard !transfer.isCancellationRequested else {
            transfer.complete(.failure(.cancelled(host: transfer.host)))
            return false
        }
        if let error = multi.start(transfer) {
            transfer.complete(.failure(error))
            return false
        }
        return true
    }

    private func finish(_ transfers: [CurlTransfer]) {
        for transfer in transfers {
            multi.end(transfer)
            transfer.complete(.failure(.shutDown))
        }
        let completions = state.withLock { state in
            multi.close()
            state.hasStopped = true
            return state.whenStopped
        }
        for completion in completions { completion() }
    }
}
