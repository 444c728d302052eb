import JSON
import Multipart
import NIOCore
import Testing

struct FormReaderTests {
    static func multipart(_ parts: [String]) -> String {
        parts.map { "--b\r\nContent-Disposition: form-data; \($0)\r\n" }.joined() + "--b--\r\n"
    }

    static func read(_ body: String, limits: FormLimits = .standard, cutAt cuts: [Int] = []) throws -> Form {
        let reader = try FormReader(
            contentType: "multipart/form-data; boundary=b", bodyLength: body.utf8.count, limits: limits
        )
        return try form(reader, chunks(Array(body.utf8), cutAt: cuts))
    }

    @Test(arguments: [
        (["name=a\r\n\r\n1", "name=file; filename=x\r\n\r\nF", "name=b\r\n\r\n"], ["a=1", "*", "b="], [Part("file", filename: "x", body: "F")]),
        (["name=file\r\n\r\nF"], ["*"], [Part("file", body: "F")]),
        (["name=file; filename=\"\"\r\n\r\n"], ["*"], [Part("file")]),
        (["name=file; filename=\"../a\\..\\b%0D%0A.pdf\"\r\n\r\n"], ["*"], [Part("file", filename: "b.pdf")]),
        (["name=cv; filename=x\r\nContent-Type: a/b\r\n\r\nF"], ["*"], [Part("cv", filename: "x", contentType: "a/b", body: "F")]),
        (["name=a\r\n\r\n1", "name=a\r\n\r\n2"], ["a=1", "a=2"], []),
        (["name=remote_data\r\nContent-Type: application/json\r\n\r\n{\"a\": 1}"], [#"remote_data:{"a":1}"#], []),
        (["name=remote_data; filename=blob\r\nContent-Type: application/json\r\n\r\n{\"a\": 1}"], [#"remote_data:{"a":1}"#], []),
        (["name=x; filename=blob\r\nContent-Type: image/png\r\n\r\nF"], ["*"], [Part("x", filename: "blob", contentType: "image/png", body: "F")]),
        (["name=remote_data\r\n\r\n{\"a\": 1}"], [#"remote_data={"a": 1}"#], []),
    ] as [([String], [String], [Part])])
    func `parts are fields or files`(parts: [String], fields: [String], files: [Part]) throws {
        let body = Self.multipart(parts.map { $0 })
        for cuts in [[], Array(1..<body.utf8.count)] {
            let form = try Self.read(body, cutAt: cuts)
            #expect(form.fields == fields)
            #expect(form.files == files)
        }
    }

    @Test func `the last part's length is bounded to the byte by the body's`() throws {
        let body = Self.multipart(["name=a\r\n\r\n1", "name=file\r\n\r\n0123456789"])
        // All that follows the file is its delimiter, `--`, and CRLF, which a sender may leave out.
        #expect(try Self.read(body).maxLengths == [12])
        #expect(try Self.read(String(body.dropLast(1))).maxLengths == [10])
    }

    @Test(arguments: [(FormLimits(maxFieldBytes: 6), nil), (FormLimits(maxFieldBytes: 5), .tooLarge)] as [(FormLimits, FormError.Code?)])
    func `fields count together, the file does not`(limits: FormLimits, code: FormError.Code?) {
        let body = Self.multipart(["name=a\r\n\r\n12", "name=file\r\n\r\n0123456789", "name=b\r\n\r\n34"])
        #expect(fault { try Self.read(body, limits: limits) }?.code == code)
    }

    @Test func `a part that says it is JSON must be`() {
        let error = fault { try Self.read(Self.multipart(["name=a\r\nContent-Type: application/json\r\n\r\n{"])) }
        #expect(error?.code == .notJSON)
        #expect(error?.part == "a")
    }

    @Test(arguments: [
        ("application/pdf", nil, Part("file", contentType: "application/pdf", body: "{}")),
        (nil, nil, Part("file", body: "{}")),
        ("garbage", nil, Part("file", contentType: "garbage", body: "{}")),
        ("application/octet-stream", "attachment; filename=x.pdf; filename*=UTF-8''%C3%BC.pdf", Part("file", filename: "ü.pdf", contentType: "application/octet-stream", body: "{}")),
        ("application/pdf", "attachment; filename=\"../x.pdf\"", Part("file", filename: "x.pdf", contentType: "application/pdf", body: "{}")),
        ("application/json", nil, nil),
        ("text/plain;charset=UTF-8", nil, nil),
    ] as [(String?, String?, Part?)])
    func `the content type says how the file comes`(type: String?, disposition: String?, file: Part?) throws {
        let reader = try FormReader(contentType: type, contentDisposition: disposition, bodyLength: 2)
        let read = try form(reader, [ByteBuffer(string: "{"), ByteBuffer(), ByteBuffer(string: "}")])
        #expect(read.files == (file.map { [$0] } ?? []))
        if file != nil { #expect(read.maxLengths == [2]) }
    }

    @Test(arguments: [
        "multipart/form-data", "Multipart/form-data; boundary=a; boundary=b", #"multipart/form-data; boundary="a"#,
    ])
    func `a form without a readable boundary is refused at once`(type: String) {
        #expect(fault { try FormReader(contentType: type) }?.code == .invalidBoundary)
    }
}
