@_spi(Engine) import JSON
import Testing

@_spi(Engine) @testable import JSONata

/// What a workspace gave stays valid as long as the workspace.
@Suite struct WorkspaceLifetimeTests {
    @Test func `results outlive the expressions that made them`() throws {
        let workspace = Workspace()
        let input = try workspace.parse(Array(#"{"a":1}"#.utf8))
        let made = try (0..<50).map { number in
            // Compiled and let go at once.
            try workspace.evaluate(Expression(#"{"name of member \#(number)": "text \#(number)", "a": a}"#), input)
        }
        // Takes the memory that they had.
        for number in 0..<200 { _ = try Expression(#"{"other \#(number)": "something else \#(number)"}"#) }
        for (number, document) in made.enumerated() {
            let value = try workspace.value(document)
            #expect(value?["name of member \(number)"]?.string == "text \(number)")
        }
    }
}
