import ArgumentParser
import JobCore

/// A tenant as people type it.
struct TenantName: ExpressibleByArgument, Hashable {
    let tenant: Tenant

    init?(argument: String) {
        guard let tenant = Tenant(argument) else { return nil }
        self.tenant = tenant
    }
}

/// A priority as people type it.
struct PriorityName: ExpressibleByArgument, Hashable {
    let priority: Priority

    init(priority: Priority) { self.priority = priority }

    init?(argument: String) {
        guard let priority = Priority(rawValue: argument) else { return nil }
        self.priority = priority
    }

    static var allValueStrings: [String] { Priority.allCases.map(\.rawValue) }
    var defaultValueDescription: String { priority.rawValue }
}
