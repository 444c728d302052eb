import Multipart
import NIOCore
import Testing

struct MultipartWriterTests {
    @Test func `a body is written as browsers write it`() throws {
        let writer = try MultipartWriter(boundary: "b")
        let frame = writer.frame(
            before: [("candidate[id]", "4\r\n2")], file: "file", filename: "Zoë \"x\"\r\n.pdf", contentType: "application/pdf",
            after: [("note", "")]
        )
        let expected = """
            --b\r
            Content-Disposition: form-data; name="candidate[id]"\r
            \r
            4\r
            2\r
            --b\r
            Content-Disposition: form-data; name="file"; filename="Zoë %22x%22%0D%0A.pdf"\r
            Content-Type: application/pdf\r
            \r
            FILE\r
            --b\r
            Content-Disposition: form-data; name="note"\r
            \r
            \r
            --b--\r

            """
        let body = String(buffer: frame.prefix) + "FILE" + String(buffer: frame.suffix)
        #expect(body == expected)
        #expect(frame.length(file: 4) == body.utf8.count)
    }

    @Test(arguments: FileNameTests.hostile + ["a\0b", "x\"; filename=\"y"])
    func `no name breaks out of its quotes`(name: String) throws {
        let writer = MultipartWriter()
        let frame = writer.frame(file: name, filename: name, contentType: "a/b\r\nX: y")
        var body = frame.prefix
        body.writeString("1")
        body.writeImmutableBuffer(frame.suffix)
        let read = try parts(of: [body], boundary: writer.boundary, limits: FormLimits(maxHeaderBytes: 1 << 20))
        // Control characters have no place in a header field; all else comes through but for text that looks escaped.
        let expected = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map {
                    ($0.value < 0x20 && $0 != "\r" && $0 != "\n") || $0.value == 0x7F ? " " : $0
                }))
        #expect(read == [Part(expected, filename: expected, body: "1")])
    }

    @Test func `the boundary is random and needs no quotes`() {
        let boundaries = Set((0..<100).map { _ in MultipartWriter().boundary })
        #expect(boundaries.count == 100)
        #expect(boundaries.allSatisfy { $0.utf8.count == 43 })
        let writer = MultipartWriter()
        #expect(writer.contentType == "multipart/form-data; boundary=\(writer.boundary)")
    }

    @Test(arguments: [("a b", #"multipart/form-data; boundary="a b""#), ("a:b", #"multipart/form-data; boundary="a:b""#)])
    func `a boundary that is no token is quoted`(boundary: String, type: String) throws {
        #expect(try MultipartWriter(boundary: boundary).contentType == type)
        #expect(try #require(MediaType(type)).boundary() == boundary)
    }

    @Test(arguments: ["", "a ", "a\r\nb", String(repeating: "x", count: 71)])
    func `a boundary against the rules is refused`(boundary: String) {
        #expect(fault { try MultipartWriter(boundary: boundary) }?.code == .invalidBoundary)
        #expect(fault { try MultipartReader(boundary: boundary) }?.code == .invalidBoundary)
    }
}
