@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import Testing

@testable import MappingFunctions

/// Conversions of documents.
@Suite struct ExpensiveConversionTests {
    #if DEBUG
        /// Unoptimised code is some twenty times slower.
        private static let slowness = 20
    #else
        private static let slowness = 1
    #endif

    @Test(arguments: [
        ("$convertHtmlToMarkdown($)", String(repeating: "<blockquote>a", count: 5_000)),
        ("$convertHtmlToMarkdown($)", String(repeating: "<blockquote>", count: 5_000) + "a"),
        ("$convertHtmlToMarkdown($)", String(repeating: "<ul><li>a", count: 10_000)),
        ("$convertHtmlToMarkdown($)", "<ol>" + String(repeating: "<li>a</li>", count: 10_000) + "</ol>"),
        ("$convertMarkdownToHtml($)", String(repeating: "> ", count: 100_000)),
        ("$convertMarkdownToHtml($)", String(repeating: "> \n", count: 50_000)),
        ("$convertMarkdownToHtml($)", String(repeating: "* ", count: 50_000)),
        ("$count($difference([1..100000].{'a': $}, [50001..150000].{'a': $}))", ""),
    ]) func `takes linear time`(expression: String, text: String) throws {
        let budget = EvaluationBudget(processorMilliseconds: 2_000 * Self.slowness, memory: 256 << 20)
        let expression = try Expression(expression, library: .mapping)
        #expect(throws: Never.self) { try expression.evaluate(.string(text), budget: budget) }
    }

    @Test(arguments: [
        "[1..10000].$convertHtmlToMarkdown($$)", "[1..10000].$convertMarkdownToHtml($$)", "[1..10000].$diceCoefficient($$, $$ & 'x')",
        "[1..10000].$mostSimilar($$, [$$])",
    ]) func `ends with the budget`(expression: String) throws {
        let budget = EvaluationBudget(processorMilliseconds: 100)
        let expression = try Expression(expression, library: .mapping)
        let text = JSONValue.string(String(repeating: "<p>word</p> ", count: 500))
        let error = #expect(throws: JSONataError.self) { try expression.evaluate(text, budget: budget) }
        #expect(error?.code == "D1015")
    }
}
