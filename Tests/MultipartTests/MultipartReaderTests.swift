import Multipart
import NIOCore
import Testing
import TestSupport

struct MultipartReaderTests {
    static let body = """
        preamble\r
        --b \t\r
        Content-Disposition: form-data; name="candidate[id]"\r
        \r
        42\r
        --b\r
        content-disposition: form-data; name="file"; filename="cv \u{1F4C4}.pdf"\r
        CONTENT-TYPE: application/pdf\r
        \r
        one\r
        -\r--\r
        --\r\r
        --a\n--b\r\r
        --b\r
        Content-Disposition: form-data;\r
          name=empty\r
        \r
        \r
        --b\r
        Content-Disposition: form-data; name=bare\r
        \r
        --b--  \r
        epilogue\r
        --b\r

        """
    static let expected = [
        Part("candidate[id]", body: "42"),
        Part(
            "file", filename: "cv \u{1F4C4}.pdf", contentType: "application/pdf",
            body: "one\r\n-\r--\r\n--\r\r\n--a\n--b\r"
        ),
        Part("empty"),
        Part("bare"),
    ]

    @Test func `every split of a body gives the same parts`() throws {
        let bytes = Array(Self.body.utf8)
        for offset in 0...bytes.count {
            #expect(try parts(of: chunks(bytes, cutAt: [offset])) == Self.expected, "cut at \(offset)")
        }
        #expect(try parts(of: chunks(bytes, cutAt: Array(1..<bytes.count))) == Self.expected)
        #expect(try parts(of: chunks(bytes, cutAt: Array(1..<bytes.count)), eager: true) == Self.expected)
    }

    @Test(arguments: 1...64 as ClosedRange<UInt64>)
    func `random chunks give the same parts`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bytes = Array(Self.body.utf8)
        let cuts = (0..<Int.random(in: 1...20, using: &random)).map { _ in Int.random(in: 0...bytes.count, using: &random) }
        #expect(try parts(of: chunks(bytes, cutAt: cuts.sorted())) == Self.expected)
    }

    @Test func `data are slices of what was appended`() throws {
        var reader = try MultipartReader(boundary: "b")
        let chunk = ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=file\r\n\r\n0123456789")
        reader.append(chunk)
        _ = try reader.next()
        #expect(reader.consumedBytes == chunk.readableBytes - 10)
        guard case .data(let data) = try reader.next() else { throw FormError(.truncated, "no data") }
        let inside = chunk.withUnsafeReadableBytes { whole in
            data.withUnsafeReadableBytes { whole.baseAddress! <= $0.baseAddress! && $0.baseAddress! < whole.baseAddress! + whole.count }
        }
        #expect(inside)
    }

    @Test(
        arguments: [
            ("--b--", []),
            ("--b--\r\n", []),
            ("\r\n--b--\r\n", []),
            ("x\r\n--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--ignored", [Part("a", body: "1")]),
            ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\n--b\n\r\n--b--", [Part("a", body: "1\n--b\n")]),
            ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\r\r\r\n\r\n--b--", [Part("a", body: "\r\r\r\r\n")]),
            (
                "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=a\r\n\r\n2\r\n--b--",
                [Part("a", body: "1"), Part("a", body: "2")]
            ),
            ("--b\r\nX: \r\nContent-Disposition:form-data; name=a\r\n\r\n\r\n--b--", [Part("a")]),
        ] as [(String, [Part])])
    func `legal bodies`(body: String, expected: [Part]) throws {
        #expect(try parts(of: body) == expected)
    }

    static let head = "--b\r\nContent-Disposition: form-data; name=file\r\n"

    @Test(
        arguments: [
            ("", .boundaryNotFound, "the body does not hold the boundary that its content type announces"),
            ("--c\r\n\r\n--c--", .boundaryNotFound, "the body does not hold the boundary that its content type announces"),
            (" --b--", .boundaryNotFound, "the body does not hold the boundary that its content type announces"),
            ("--b", .truncated, "the body ends without a closing boundary"),
            ("--b-", .truncated, "the body ends without a closing boundary"),
            ("--b\r\nContent-Dispo", .truncated, "the body ends inside the head of part 1"),
            (head + "\r\nabc", .truncated, "the body ends inside part \"file\", before its closing boundary"),
            (head + "\r\nabc\r\n--b", .truncated, "the body ends without a closing boundary"),
            ("--b\n", .bareLineBreak, "the line of a boundary does not end in CRLF"),
            ("--b\rx", .bareLineBreak, "the line of a boundary does not end in CRLF"),
            ("--b\r\nA: b\n\r\n", .bareLineBreak, "the head of part 1 has a line that does not end in CRLF"),
            ("--b\r\nA: b\rc\r\n\r\n", .bareLineBreak, "the head of part 1 has a line that does not end in CRLF"),
            ("--bb\r\n", .malformedBoundaryLine, "a line starts with the boundary but goes on with something else"),
            ("--b --", .malformedBoundaryLine, "a line starts with the boundary but goes on with something else"),
            ("--b-x", .malformedBoundaryLine, "a line starts with the boundary but goes on with something else"),
            ("--b\r\nno colon\r\n\r\n", .malformedHead, "part 1 has a malformed header field"),
            ("--b\r\n: x\r\n\r\n", .malformedHead, "part 1 has a malformed header field"),
            ("--b\r\nA : x\r\n\r\n", .malformedHead, "part 1 has a malformed header field"),
            ("--b\r\nA: x\0\r\n\r\n", .malformedHead, "part 1 has a malformed header field"),
            (head + "Content-Disposition: form-data; name=g\r\n\r\n", .malformedHead, "part 1 has two content-disposition header fields"),
            ("--b\r\n\r\n", .unnamedPart, "part 1 needs a header field Content-Disposition: form-data; name=\"…\""),
            (
                "--b\r\nContent-Disposition: form-data\r\n\r\n", .unnamedPart,
                "part 1 needs a header field Content-Disposition: form-data; name=\"…\""
            ),
            (
                "--b\r\nContent-Disposition: attachment; name=a\r\n\r\n", .unnamedPart,
                "part 1 needs a header field Content-Disposition: form-data; name=\"…\""
            ),
            (
                "--b\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n", .unnamedPart,
                "part 1 needs a header field Content-Disposition: form-data; name=\"…\""
            ),
            (
                head + "Content-Transfer-Encoding: Base64\r\n\r\n", .transferEncoding,
                "part \"file\" has Content-Transfer-Encoding Base64; send its bytes as they are"
            ),
        ] as [(String, FormError.Code, String)])
    func `what is wrong is named`(body: String, code: FormError.Code, message: String) {
        for eager in [false, true] {
            let error = fault { try parts(of: chunks(Array(body.utf8), cutAt: Array(0..<body.utf8.count)), eager: eager) }
            #expect(error?.code == code)
            #expect(error?.message == message)
        }
    }

    @Test(arguments: ["7bit", "8bit", "BINARY"])
    func `an encoding that changes nothing is ignored`(encoding: String) throws {
        let body = Self.head + "Content-Transfer-Encoding: \(encoding)\r\n\r\n1\r\n--b--"
        #expect(try parts(of: body) == [Part("file", body: "1")])
    }

    @Test(
        arguments: [
            (FormLimits(maxParts: 1), .tooMany),
            (FormLimits(maxHeaderBytes: 63), .tooLarge),
            (FormLimits(maxHeaderFields: 1), .tooMany),
            (FormLimits(maxPreambleBytes: 2), .boundaryNotFound),
            (FormLimits(maxParts: 2, maxHeaderBytes: 64, maxHeaderFields: 2, maxPreambleBytes: 3), nil),
        ] as [(FormLimits, FormError.Code?)])
    func `limits hold to the byte`(limits: FormLimits, code: FormError.Code?) {
        let head = "--b\r\nContent-Disposition: form-data; name=file\r\nContent-Type: a/b\r\n\r\n"
        let body = "pre\r\n" + head + "1\r\n" + head + "2\r\n--b--"
        #expect(head.utf8.count - 5 == 64)
        let error = fault { try parts(of: body, limits: limits) }
        #expect(error?.code == code)
    }

    @Test func `an endless head is refused while it arrives`() throws {
        var reader = try MultipartReader(boundary: "b", limits: FormLimits(maxHeaderBytes: 100))
        reader.append(ByteBuffer(string: "--b\r\nA: " + String(repeating: "x", count: 200)))
        #expect(throws: FormError.self) { try reader.next() }
    }

    @Test func `nothing is held of a body past its end`() throws {
        var reader = try MultipartReader(boundary: "b")
        reader.append(ByteBuffer(string: "--b--"))
        #expect(try reader.next() == .end)
        reader.append(ByteBuffer(string: "\r\nepilogue"))
        #expect(try reader.next() == nil)
        reader.finish()
        #expect(try reader.next() == nil)
    }
}
