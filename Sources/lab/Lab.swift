import Glibc
import LabCommand

@main
struct Lab {
    static func main() async {
        exit(await LabProgram.run(Array(CommandLine.arguments.dropFirst())))
    }
}
