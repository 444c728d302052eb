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

    @Test(
        arguments: [
            (
                ["name=a\r\n\r\n1", "name=file; filename=x\r\n\r\nF", "name=b\r\n\r\n"], ["a=1", "*", "b="],
                [Part("file", filename: "x", body: "F")]
            ),
            (["name=file\r\n\r\nF"], ["*"], [Part("file", body: "F")]),
            (["name=file; filename=\"\"\r\n\r\n"], [], []),
            (["name=file\r\n\r\n"], [], []),
            (["name=file; filename=cv.pdf\r\n\r\n"], ["*"], [Part("file", filename: "cv.pdf")]),
            (["name=file; filename=\"\"\r\nContent-Type: a/b\r\n\r\nF"], ["*"], [Part("file", contentType: "a/b", body: "F")]),
            (
                ["name=more; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n", "name=file; filename=x\r\n\r\nF"], ["*"],
                [Part("file", filename: "x", body: "F")]
            ),
            (["name=\"files[]\"\r\n\r\nF"], ["*"], [Part("files[]", body: "F")]),
            (
                ["name=file\r\n\r\ndata:text/csv;name=a.csv;base64,Zm9v"], ["*"],
                [Part("file", filename: "a.csv", contentType: "text/csv", body: "foo")]
            ),
            (["name=file; filename=x\r\n\r\nundefined"], ["*"], [Part("file", filename: "x", body: "undefined")]),
            (["name=file\r\n\r\nundefined behaviour"], ["*"], [Part("file", body: "undefined behaviour")]),
            (["name=file\r\n\r\n/s/ Ada"], ["*"], [Part("file", body: "/s/ Ada")]),
            (["name=file\r\n\r\nblobs: none"], ["*"], [Part("file", body: "blobs: none")]),
            (["name=file\r\n\r\nsee https://example.com"], ["*"], [Part("file", body: "see https://example.com")]),
            (
                [
                    "name=file\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Disposition: attachment; filename=a.txt\r\nContent-Type: text/plain\r\n\r\nA\r\n--i--\r\n"
                ],
                ["*"], [Part("file", filename: "a.txt", contentType: "text/plain", body: "A")]
            ),
            (
                [
                    "name=file\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Disposition: file; filename=a\r\n\r\nA\r\n--i\r\nContent-Disposition: file; filename=b\r\n\r\n\r\n--i--"
                ],
                ["*", "*"], [Part("file", filename: "a", body: "A"), Part("file", filename: "b")]
            ),
            (["name=file; filename=\"../a\\..\\b%0D%0A.pdf\"\r\n\r\n"], ["*"], [Part("file", filename: "b.pdf")]),
            (["name=cv; filename=x\r\nContent-Type: a/b\r\n\r\nF"], ["*"], [Part("cv", filename: "x", contentType: "a/b", body: "F")]),
            (["name=a\r\n\r\n1", "name=a\r\n\r\n2"], ["a=1", "a=2"], []),
            (["name=remote_data\r\nContent-Type: application/json\r\n\r\n{\"a\": 1}"], [#"remote_data:{"a":1}"#], []),
            (["name=remote_data; filename=blob\r\nContent-Type: application/json\r\n\r\n{\"a\": 1}"], [#"remote_data:{"a":1}"#], []),
            (
                ["name=x; filename=blob\r\nContent-Type: image/png\r\n\r\nF"], ["*"],
                [Part("x", filename: "blob", contentType: "image/png", body: "F")]
            ),
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

    @Test(
        arguments: [
            ("application/pdf", nil, Part("file", contentType: "application/pdf", body: "{}")),
            (nil, nil, Part("file", body: "{}")),
            ("garbage", nil, Part("file", contentType: "garbage", body: "{}")),
            (
                "application/octet-stream", "attachment; filename=x.pdf; filename*=UTF-8''%C3%BC.pdf",
                Part("file", filename: "ü.pdf", contentType: "application/octet-stream", body: "{}")
            ),
            (
                "application/pdf", "attachment; filename=\"../x.pdf\"",
                Part("file", filename: "x.pdf", contentType: "application/pdf", body: "{}")
            ),
            ("application/json", nil, nil),
            ("text/json", nil, nil),
            ("application/vnd.api+json", nil, nil),
            ("text/plain;charset=UTF-8", nil, nil),
            ("application/x-www-form-urlencoded", nil, nil),
            ("text/plain", "attachment; filename=a.txt", Part("file", filename: "a.txt", contentType: "text/plain", body: "{}")),
            ("application/x-www-form-urlencoded", "attachment; filename=a.txt", Part("file", filename: "a.txt", body: "{}")),
        ] as [(String?, String?, Part?)])
    func `the content type says how the file comes`(type: String?, disposition: String?, file: Part?) throws {
        let reader = try FormReader(contentType: type, contentDisposition: disposition, bodyLength: 2)
        let read = try form(reader, [ByteBuffer(string: "{"), ByteBuffer(), ByteBuffer(string: "}")])
        #expect(read.files == (file.map { [$0] } ?? []))
        if file != nil { #expect(read.maxLengths == [2]) }
    }

    @Test(
        arguments: [
            ("undefined", .standInForFile), ("null", .standInForFile), (" None\r\n", .standInForFile),
            ("[object Object]", .standInForFile), ("@/path/to my/cv.pdf", .standInForFile), ("@cv.pdf", .standInForFile),
            ("https://example.com/cv.pdf", .addressInFile), ("HTTP://example.com", .addressInFile),
            ("C:\\fakepath\\my cv.pdf", .standInForFile), ("d:/cv.docx", .standInForFile), ("/tmp/cv.pdf", .standInForFile),
            ("~/Documents/cv.pdf", .standInForFile), ("cv.pdf", .standInForFile), ("My CV.DOCX\n", .standInForFile),
            ("../cv.pdf\n", .standInForFile), ("\\\\host\\cv.pdf", .standInForFile),
            ("file:///tmp/cv", .standInForFile), ("blob:https://example.com/1", .standInForFile),
            ("content://media/17", .standInForFile), ("ftp://example.com/cv.pdf", .standInForFile),
            ("data:text/plain;base64,Zm 9v", .undecodableFile), ("data:hello", .undecodableFile),
        ] as [(String, FormError.Code)])
    func `a text part that only stands in for a file is refused`(text: String, code: FormError.Code) {
        let body = Self.multipart(["name=file\r\n\r\n\(text)"])
        for cuts in [[], Array(1..<body.utf8.count)] {
            #expect(fault { try Self.read(body, cutAt: cuts) }?.code == code)
        }
    }

    @Test(arguments: ["cv", ".pdf", "see cv.pdf for more", "v1.2", "example.com", "at https://example.com/cv.pdf", "cv.pdf\nletter.pdf"])
    func `a short text part is the file it is`(text: String) throws {
        let read = try Self.read(Self.multipart(["name=file\r\n\r\n\(text)"]), cutAt: [])
        #expect(read.files == [Part("file", body: text)])
    }

    @Test func `a long text part streams as the file it is`() throws {
        let text = String(repeating: "https://example.com/", count: 200)
        let body = Self.multipart(["name=file\r\n\r\n\(text)"])
        let read = try Self.read(body, cutAt: Array(stride(from: 0, to: body.utf8.count, by: 100)))
        #expect(read.files == [Part("file", body: text)])
    }

    static func typed(_ type: String, _ body: String, cutAt cuts: [Int] = [], name: String? = nil) throws -> Form {
        let reader = try FormReader(contentType: type, fileName: name, bodyLength: body.utf8.count)
        return try form(reader, chunks(Array(body.utf8), cutAt: cuts))
    }

    @Test(arguments: ["multipart/mixed; boundary=b", "multipart/related; boundary=b; type=x", "multipart/alternative;boundary=b"])
    func `other multipart types are forms where their parts have names`(type: String) throws {
        let read = try Self.typed(type, Self.multipart(["name=a\r\n\r\n1", "name=file; filename=x\r\n\r\nF"]))
        #expect(read.fields == ["a=1", "*"])
        #expect(read.files == [Part("file", filename: "x", body: "F")])
        for head in ["Content-Type: text/plain", "Content-Disposition: attachment; filename=x"] {
            let error = fault { try Self.typed(type, "--b\r\n\(head)\r\n\r\nF\r\n--b--\r\n") }
            #expect(error?.code == .notAForm)
        }
    }

    @Test func `quotes of a file name that cannot be read are named`() {
        let error = fault { try Self.read(Self.multipart(["name=file; filename=\"a \"b\"; c.txt\"\r\n\r\nF"])) }
        #expect(error?.code == .unreadableName)
        #expect(error?.message == "the quotes of the file name in part 1 cannot be read")
    }

    @Test(
        arguments: [
            ("file=Zm9v&a=1", ["*", "a=1"], [Part("file", body: "foo")]),
            ("a=x+y%26&file=Zm8%3D&b", ["a=x y&", "*", "b="], [Part("file", body: "fo")]),
            ("file=data%3Atext%2Fcsv%3Bbase64%2CZm9v", ["*"], [Part("file", contentType: "text/csv", body: "foo")]),
            ("candidate%5Bid%5D=1&file=", ["candidate[id]=1"], []),
            ("a=%zz%2&b=%", ["a=%zz%2", "b=%"], []),
            ("", [], []), ("&&a=1&", ["a=1"], []),
            (" {\"a\":1,\"file\":\"Zm9v\"}", ["a:1", "*"], [Part("file", body: "foo")]),
            ("\u{FEFF}{\"file\":\"Zm9v\"}", ["*"], [Part("file", body: "foo")]),
        ] as [(String, [String], [Part])])
    func `a URL-encoded body is a form, or JSON under a wrong label`(body: String, fields: [String], files: [Part]) throws {
        for cuts in (0...body.utf8.count).map({ [$0] }) + [Array(0..<body.utf8.count)] {
            let read = try Self.typed("application/x-www-form-urlencoded", body, cutAt: cuts)
            #expect(read.fields == fields)
            #expect(read.files == files)
        }
    }

    @Test(
        arguments: [
            ("file=a b", .undecodableFile), ("file=Zm+v", .undecodableFile), ("file=null", .standInForFile),
            ("file=https%3A%2F%2Fexample.com", .addressInFile), ("file=Zm9v&file=Zm9v", .duplicateFile),
        ] as [(String, FormError.Code)])
    func `what is no file in a URL-encoded form is refused`(body: String, code: FormError.Code) {
        #expect(fault { try Self.typed("application/x-www-form-urlencoded", body) }?.code == code)
    }

    @Test func `a text without a name is JSON or in doubt`() throws {
        #expect(fault { try Self.typed("text/plain", "Dear Sir") }?.code == .ambiguousText)
        #expect(
            try Self.typed("text/plain", "Dear Sir", name: "cv.txt").files == [Part("file", contentType: "text/plain", body: "Dear Sir")])
        #expect(
            try Self.typed("text/plain", "{\"a\":1}", name: "cv.txt").files == [Part("file", contentType: "text/plain", body: "{\"a\":1}")])
        #expect(try Self.typed("text/plain", "\n{\"a\":1}").fields == ["a:1"])
        #expect(try Self.typed("text/plain", " ").files == [])
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/mixed", "Multipart/form-data; boundary=a; boundary=b", #"multipart/form-data; boundary="a"#,
    ])
    func `a form without a readable boundary is refused at once`(type: String) {
        #expect(fault { try FormReader(contentType: type) }?.code == .invalidBoundary)
    }
}
