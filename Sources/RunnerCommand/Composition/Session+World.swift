import JobCore
import LabLink

extension Session {
    /// Numbers in 0..<1, for jitter.
    var random: @Sendable () -> Double {
        guard let world else { return { Double.random(in: 0..<1) } }
        return { world.random() }
    }

    /// This session in the lab's world, when the environment names one: its time, its order of things.
    func joiningWorld() throws(CommandFailure) -> Session {
        let world: LabWorld?
        do {
            world = try LabWorld.join(environment: environment)
        } catch {
            throw CommandFailure(.configuration, error.description)
        }
        guard let world else { return self }
        var session = self
        session.world = world
        session.clock = LabClock(world)
        return session
    }

    /// Runs a body in the lab's world, when this process takes part in it.
    func inWorld<Result: Sendable>(
        _ body: @escaping @Sendable () async -> Result
    ) async throws(CommandFailure) -> Result {
        guard let world else { return await body() }
        do {
            return try await world.run(body)
        } catch {
            throw CommandFailure(.configuration, error.description)
        }
    }

    /// A job database as this session's world has it.
    func placed(_ store: any JobStore) -> any JobStore { world.map { LabJobStore(store, in: $0) } ?? store }

    /// Handlers as this session's world has them.
    func placed(_ catalog: any HandlerCatalog) -> any HandlerCatalog {
        world.map { LabHandlerCatalog(catalog, in: $0) } ?? catalog
    }
}
