import ArgumentParser
import Catalog
import JSON
import JSONata
import MappingFunctions

/// `attache mapping`: the mapping language by itself.
struct MappingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mapping", abstract: "Try out mapping expressions.", subcommands: [Eval.self]
    )

    struct Eval: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Evaluate a JSONata expression on a JSON document and print the result.",
            discussion: "An expression that gives nothing prints nothing."
        )

        @Argument(help: ArgumentHelp("The expression.", valueName: "EXPR"))
        var expression: String?

        @Option(help: ArgumentHelp("Reads the expression from a file.", valueName: "FILE"))
        var file: String?

        @Option(help: ArgumentHelp("The document; '-' reads standard input. Without one there is no input.", valueName: "FILE"))
        var input: String?

        func validate() throws {
            if (expression == nil) == (file == nil) {
                throw ValidationError("Give either an expression or --file")
            }
        }

        func run() throws {
            let source = try expression ?? file.map(Documents.text) ?? ""
            let document = try input.map(Documents.json)
            do throws(JSONataError) {
                let result = try Expression(source, library: FunctionLibrary.mapping).evaluate(document)
                guard let result else { return }
                result.write(pretty: true) { Console.out(bytes: $0) }
                Console.out("")
            } catch {
                let place = error.position.map { " at \($0)" } ?? ""
                throw CommandError("\(error.code)\(place): \(error.message)")
            }
        }
    }
}
