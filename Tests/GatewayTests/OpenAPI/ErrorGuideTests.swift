import FoundationEssentials
import Testing
import Unified

@testable import Gateway

struct ErrorGuideTests {
    @Test(arguments: APIError.Code.all.map(\.name))
    func `every code is explained in the program and has its section in the documentation`(code: String) throws {
        #expect(ErrorGuide.entries[code] != nil)
        let guide = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().appendingPathComponent("../../../docs/errors.md")
        let text = String(decoding: try Data(contentsOf: guide), as: UTF8.self)
        #expect(text.split(separator: "\n").contains("### `\(code)`"))
    }

    @Test func `nothing is explained that does not exist`() {
        #expect(Set(ErrorGuide.entries.keys) == Set(APIError.Code.all.map(\.name)))
    }
}
