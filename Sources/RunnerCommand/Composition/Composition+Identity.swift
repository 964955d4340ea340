import Glibc

extension Composition {
    /// This process's number.
    static var processID: Int32 { getpid() }

    /// Four letters that tell two starts under the same process number apart, as in containers.
    static let startMark: String = {
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return String((0..<4).map { _ in letters[Int.random(in: 0..<letters.count)] })
    }()
}
