import HandlerHosting
import UnixSignals

/// Keeps the handlers of a runner up to date: when their folders change, every so often, and on SIGHUP.
struct HandlersRefresh: Sendable {
    let reloader: HandlerReloader
    let watch: HandlersWatch

    /// Goes on until the task is cancelled.
    func run() async {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        let (reloader, watch) = (reloader, watch)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { watch.nudge() } }
            await watch.run { await reloader.rescan() }
            group.cancelAll()
        }
    }
}
