import Testing

@testable import Sandbox

@Suite struct PartReaderTests {
    private func read(_ text: String, split: Int) throws -> PartCollector {
        var reader = PartReader(boundary: "B")
        var parts = PartCollector(spool: FileSpool(maxKeptBytes: 1000))
        let bytes = Array(text.utf8)
        for piece in [bytes[..<split], bytes[split...]] {
            Array(piece).withUnsafeBytes { reader.feed($0, into: &parts) }
        }
        return parts
    }

    private static let form =
        "preamble\r\n--B \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--Bx\r\n-\r\n--B"
        + "\r\nContent-Disposition: form-data; name=\"e\"\r\n\r\n\r\n--B"
        + "\r\nContent-Disposition: form-data; name=file; filename=\"x\\\"y.pdf\"; filename*=UTF-8''%C3%BC.pdf"
        + "\r\nContent-Type: application/pdf\r\n\r\nabc\r\n--B--\r\nepilogue --B"

    @Test func `a form split at any byte has the same parts`() throws {
        for split in 0...Self.form.utf8.count {
            let parts = try read(Self.form, split: split)
            #expect(parts.isWhole && parts.fault == nil)
            #expect(parts.parts.map(\.name) == ["a", "e", "file"])
            #expect(parts.parts.map(\.size) == [9, 0, 3])
            #expect(parts.parts.first?.text == "\r\n--Bx\r\n-")
            #expect(parts.parts.last?.head.filename == "ü.pdf")
            #expect(parts.parts.last?.file?.read(at: 0, count: 10) == Array("abc".utf8))
        }
    }

    @Test(arguments: ["Content-Type: text/plain||", "no colon||", "X: "])
    func `a malformed part is told`(_ head: String) throws {
        let text = "--B\r\n\(head.replacing("|", with: "\r\n"))\(String(repeating: "x", count: 20_000))"
        #expect(try read(text, split: 3).fault != nil)
    }

    @Test func `an unfinished form is not whole`() throws {
        let parts = try read(String(Self.form.dropLast(20)), split: 7)
        #expect(!parts.isWhole)
        #expect(parts.parts.count == 2)
    }
}
