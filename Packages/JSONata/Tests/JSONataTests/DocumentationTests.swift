import Foundation
@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import Testing

/// The examples of the library's documentation, as code that runs: what stands between the markers is its text.
@Suite struct DocumentationTests {
    private let text = #"{"orders":[{"id":1,"status":"open","lines":[{"price":2,"quantity":3}]},{"id":2,"status":"shipped"}]}"#
    private let expected = #"{"id":"1","total":6}"#

    @Test func `the first example gives what it asks for`() throws {
        // example
        let expression = try Expression(
            """
            orders[status = "open"].{ "id": $string(id), "total": $sum(lines.(price * quantity)) }
            """)
        let document = try JSONValue.parse(text)
        let result = try expression.evaluate(document)  // nil where the result is undefined
        // end
        #expect(result?.text() == expected)
    }

    @Test func `the example of bytes gives the same`() throws {
        let body = Array(text.utf8)
        let expression = try Expression("orders[status = \"open\"].{ \"id\": $string(id), \"total\": $sum(lines.(price * quantity)) }")
        // example
        let workspace = Workspace()
        let page = try workspace.parse(body)
        let unified = try workspace.evaluate(expression, page)
        var output: [UInt8] = []
        try workspace.write(unified, into: &output)
        workspace.reset()  // the memory is used again for the next page
        // end
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }

    @Test func `the examples above are those of the documentation`() throws {
        let here = try lines(of: #filePath).map(withoutIndent)
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let page = try lines(of: root + "/Sources/JSONata/JSONata.docc/JSONata.md")
        let written = blocks(page, from: "```swift", to: "```").map { $0.drop { $0.isEmpty || $0.hasPrefix("import ") } }
        #expect(blocks(here, from: "// example", to: "// end").map { $0[...] } == written)
        #expect(written.count == 2)
    }

    private func lines(of path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
    }

    private func withoutIndent(_ line: String) -> String { line.hasPrefix("        ") ? String(line.dropFirst(8)) : line }

    /// The lines between each line that is `start` and the next that is `end`.
    private func blocks(_ lines: [String], from start: String, to end: String) -> [[String]] {
        var blocks: [[String]] = []
        var current: [String]?
        for line in lines {
            if line == end {
                current.map { blocks.append($0) }
                current = nil
            } else if line == start {
                current = []
            } else {
                current?.append(line)
            }
        }
        return blocks
    }
}
