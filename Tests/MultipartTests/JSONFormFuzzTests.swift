import JSON
import Multipart
import NIOCore
import Testing
import TestSupport

struct JSONFormFuzzTests {
    static func text(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"a\":1", "\"b\":[{}]", "{\"c\":\"}\"}", "null", "-0.5e1", "01", " ", "\n",
            "\\u00e9", "é", "\"x\\\"y\":true",
        ]
        var text = "{"
        for at in 0..<Int.random(in: 0...6, using: &random) {
            if at > 0, Int.random(in: 0..<4, using: &random) > 0 { text += "," }
            text += pieces.randomElement(using: &random) ?? ""
        }
        return Int.random(in: 0..<8, using: &random) > 0 ? text + "}" : text
    }

    @Test(arguments: 0..<20)
    func `the reader takes what the parser takes, and nothing else`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var legal = 0
        for _ in 0..<500 {
            let text = Self.text(&random)
            let bytes = Array(text.utf8)
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            var expected: JSONObject? = nil
            if let parsed = try? JSONValue.parse(bytes) { expected = parsed.object }
            var read: JSONObject? = JSONObject()
            do {
                var reader = JSONFormReader()
                for chunk in chunks(bytes, cutAt: cuts) {
                    reader.append(chunk)
                    while let event = try reader.next() {
                        if case .field(let name, .json(let value)) = event { read?[name] = value }
                    }
                }
                reader.finish()
                while let event = try reader.next() {
                    if case .field(let name, .json(let value)) = event { read?[name] = value }
                }
            } catch {
                read = nil
            }
            #expect(read == expected, "\(text), cut at \(cuts)")
            if expected?.isEmpty == false { legal += 1 }
        }
        #expect(legal > 0)
    }
}
