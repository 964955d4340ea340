import CHostProcess

/// Keeps what the runner knows from other processes of its user, handlers among them.
package enum RunnerSecrecy {
    /// Variables whose values are keys.
    private static let keys = [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    ]

    /// Makes this process opaque and overwrites the keys that it was started with, so that they are neither in
    /// `/proc/PID/environ` nor in the environment of what it starts; to be called once their values are read, before
    /// other threads look at the environment.
    ///
    /// - Returns: the errno with which the system refused to make the process opaque; 0 when it is.
    package static func begin() -> Int32 {
        for key in keys { _ = unsafe host_forget_variable(key) }
        return -host_become_opaque()
    }
}
