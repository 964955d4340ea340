import Glibc
import RunnerCommand

@main
struct Headrace {
    static func main() async {
        exit(await HeadraceProgram.run(Array(CommandLine.arguments.dropFirst())))
    }
}
