import JobCore

/// Several calls of an object store at once, at most ``limit`` of them under way.
enum ObjectTransfers {
    /// Enough to overlap waits, too few to crowd other jobs out.
    static let limit = 4

    /// Performs a call for each item.
    ///
    /// - Returns: what the calls returned, in the order of the items; or the error of the first item that failed, once
    ///   all calls that had begun are over.
    static func all<Item: Sendable, Value: Sendable>(
        _ items: [Item], _ call: @escaping @Sendable (Item) async -> Result<Value, DependencyError>
    ) async -> Result<[Value], DependencyError> {
        await withTaskGroup(of: (Int, Result<Value, DependencyError>).self) { group in
            var next = 0
            let begin = { (group: inout TaskGroup<(Int, Result<Value, DependencyError>)>, place: Int) in
                let item = items[place]
                group.addTask { (place, await call(item)) }
            }
            while next < min(limit, items.count) {
                begin(&group, next)
                next += 1
            }
            var found = [Result<Value, DependencyError>?](repeating: nil, count: items.count)
            var hasFailed = false
            while let (place, result) = await group.next() {
                found[place] = result
                if case .failure = result { hasFailed = true }
                guard next < items.count, !hasFailed else { continue }
                begin(&group, next)
                next += 1
            }
            var values: [Value] = []
            for case .some(let result) in found {
                switch result {
                case .success(let value): values.append(value)
                case .failure(let error): return .failure(error)
                }
            }
            return .success(values)
        }
    }
}
