import JSON
import NIOCore
import Testing

@testable import Catalog
@testable import Unified

extension BodyLayout {
    /// The body with `⟨file⟩` or `⟨base64⟩` where the file goes; a random boundary as `B`.
    fileprivate var picture: String {
        let text = segments.map { segment in
            switch segment {
            case .bytes(let bytes): String(buffer: bytes)
            case .file(.identity, _): "⟨file⟩"
            case .file(.base64, _): "⟨base64⟩"
            }
        }.joined()
        guard let boundary = contentType?.split(separator: "boundary=").dropFirst().first else { return text }
        return text.replacing(boundary, with: "B").replacing("\r\n", with: "|")
    }
}

/// Where an outgoing body's bytes and its file stand.
struct `The layout of a body` {
    private static let token = "t1"

    private static func handle(
        _ form: FileHandle.Form = .bytes, token: String = token, name: String? = "cv.pdf", type: String? = "application/pdf"
    ) -> FileHandle {
        FileHandle(token: token, name: name, contentType: type, size: nil, form: form)
    }

    private static func layout(_ body: OutgoingBody, link: String? = nil) throws(APIError) -> BodyLayout {
        try BodyLayout(body, tokens: [token], link: link)
    }

    private static func error(_ body: OutgoingBody, link: String? = nil) -> APIError? {
        do {
            _ = try layout(body, link: link)
            return nil
        } catch { return error }
    }

    // MARK: JSON

    private static let documents: [(JSONValue, String)] = [
        (["a": 1, "b": ["c", nil, true]], #"{"a":1,"b":["c",null,true]}"#), ([], "[]"), ("x", #""x""#), ([:], "{}"),
        (["f": handle().json], #"{"f":"⟨base64⟩"}"#), (["f": handle(.base64).json], #"{"f":"⟨base64⟩"}"#),
        ([[handle().json]], #"[["⟨base64⟩"]]"#),
        (["f": handle(.dataURI).json], #"{"f":"data:application/pdf;base64,⟨base64⟩"}"#),
        (["f": handle(.dataURI, type: nil).json], #"{"f":"data:application/octet-stream;base64,⟨base64⟩"}"#),
        (["f": ["$blob": ["base64": "QUJD", "content_type": "text/plain"]]], #"{"f":"QUJD"}"#),
        (["a\"\n": "\u{1}", "ü": "\\"], #"{"a\"\n":"\u0001","ü":"\\"}"#),
        (["before": 1, "f": handle().json, "after": 2], #"{"before":1,"f":"⟨base64⟩","after":2}"#),
    ]

    @Test(arguments: documents.indices) func `of JSON has the file as a text`(index: Int) throws {
        let (document, expected) = Self.documents[index]
        let layout = try Self.layout(.json(document))
        #expect(layout.picture == expected)
        #expect(layout.contentType == "application/json")
        #expect(layout.allowsPadding)
    }

    @Test(arguments: [
        (#"text/plain; charset="utf-8""#, "data:text/plain;charset=%22utf-8%22;base64,"),
        ("text/plain;charset=utf-8", "data:text/plain;charset=utf-8;base64,"),
        ("image/svg+xml", "data:image/svg+xml;base64,"), ("a/b\\\"", "data:a/b%5C%22;base64,"),
        ("a/b&c<d#e", "data:a/b%26c%3Cd%23e;base64,"), ("a/b\r\nX: y", "data:a/b%0D%0AX%3Ay;base64,"),
    ]) func `keeps a media type from ending the text that it stands in`(type: String, prefix: String) throws {
        let handle = Self.handle(.dataURI, type: type)
        #expect(try Self.layout(.json(["f": handle.json])).picture == #"{"f":"\#(prefix)⟨base64⟩"}"#)
        #expect(try Self.layout(.xml([.text("<f>"), .file(handle), .text("</f>")])).picture == "<f>\(prefix)⟨base64⟩</f>")
    }

    @Test func `gives the provider an address in the file's place`() throws {
        let link = #"https://gateway.test/f?a="b"&c=<d>"#
        let handle = Self.handle(.url)
        let json = try Self.layout(.json(["url": handle.json]), link: link)
        #expect(json.picture == #"{"url":"https://gateway.test/f?a=\"b\"&c=<d>"}"#)
        #expect(json.placedFiles.isEmpty)
        let xml = try Self.layout(.xml([.text("<u>"), .file(handle), .text("</u>")]), link: link)
        #expect(xml.picture == "<u>https://gateway.test/f?a=&quot;b&quot;&amp;c=&lt;d></u>")
        #expect(try Self.layout(.raw(handle.json, contentType: "text/uri-list"), link: link).picture == link)
        let form = try Self.layout(.form([BodyPart(name: "u", content: .file(handle))]), link: "https://a.test/?b&c")
        #expect(form.picture == "u=https%3A%2F%2Fa.test%2F%3Fb%26c")
        let part = try Self.layout(.multipart([BodyPart(name: "u", content: .file(handle))]), link: link)
        #expect(part.picture == #"--B|Content-Disposition: form-data; name="u"||\#(link)|--B--|"#)
    }

    // MARK: Other formats

    @Test func `of multipart has each part, and the file as it is`() throws {
        let layout = try Self.layout(
            .multipart([
                BodyPart(name: "id", content: .text("7")), BodyPart(name: "f", content: .file(Self.handle())),
                BodyPart(name: "b", content: .blob(try #require(InlineBlob(["$blob": ["base64": "QUJD", "content_type": "a/b"]])))),
            ]))
        #expect(
            layout.picture
                == #"--B|Content-Disposition: form-data; name="id"||7|"#
                + #"--B|Content-Disposition: form-data; name="f"; filename="cv.pdf"|Content-Type: application/pdf||⟨file⟩|"#
                + #"--B|Content-Disposition: form-data; name="b"; filename="b"|Content-Type: a/b||ABC|--B--|"#)
        #expect(layout.allowsPadding)
    }

    @Test func `of multipart names a file of which nothing is known, and escapes what would end a name`() throws {
        let bare = try Self.layout(.multipart([BodyPart(name: "f", content: .file(Self.handle(name: nil, type: nil)))]))
        #expect(bare.picture.contains(#"filename="file"|Content-Type: application/octet-stream||⟨file⟩"#))
        let hostile = Self.handle(name: "a\"\r\nX: y", type: "a/b\r\nX: y")
        let picture = try Self.layout(.multipart([BodyPart(name: "f\"", content: .file(hostile))])).picture
        #expect(picture.contains(#"name="f%22"; filename="a%22%0D%0AX: y"||⟨file⟩"#))
    }

    @Test(
        arguments: [
            (handle().json, nil, "⟨file⟩", "application/pdf"), (handle(type: nil).json, nil, "⟨file⟩", "application/octet-stream"),
            (handle().json, "image/png", "⟨file⟩", "image/png"), (handle(.base64).json, nil, "⟨base64⟩", "application/pdf"),
            (["$blob": ["base64": "QUJD", "content_type": "a/b"]], nil, "ABC", "a/b"),
            (["$blob": ["base64": "QUI="]], nil, "AB", "application/octet-stream"),
            ("text", nil, "text", "text/plain; charset=utf-8"), ("text", "a/b", "text", "a/b"),
            (["a": 1], nil, #"{"a":1}"#, "application/json"), (nil, nil, "null", "application/json"),
        ] as [(JSONValue, String?, String, String)])
    func `of a raw body is the value itself, with its own type`(
        value: JSONValue, type: String?, picture: String, contentType: String
    ) throws {
        let layout = try Self.layout(.raw(value, contentType: type))
        #expect(layout.picture == picture)
        #expect(layout.contentType == contentType)
        #expect(!layout.allowsPadding, "spaces would be part of it")
    }

    @Test func `of no body, a form and a document`() throws {
        let none = try Self.layout(.none)
        #expect(none.segments.isEmpty && none.contentType == nil && none.length(fileSize: nil) == 0)
        let form = try Self.layout(.form([BodyPart(name: "a b", content: .text("ü&=")), BodyPart(name: "c", content: .text(""))]))
        #expect(form.picture == "a%20b=%C3%BC%26%3D&c=")
        #expect(form.contentType == "application/x-www-form-urlencoded" && !form.allowsPadding)
        let xml = try Self.layout(.xml([.text("<a>"), .file(Self.handle()), .text("</a>")]))
        #expect(xml.picture == "<a>⟨base64⟩</a>")
        #expect(xml.contentType == "application/xml" && xml.allowsPadding)
    }

    // MARK: What is refused

    private static func bodies(_ handle: FileHandle) -> [OutgoingBody] {
        [
            .json(["a": [handle.json]]), .multipart([BodyPart(name: "f", content: .file(handle))]),
            .raw(handle.json, contentType: nil), .xml([.file(handle)]),
        ]
    }

    @Test(arguments: FileHandle.Form.allCases)
    func `refuses a handle that a caller has made up`(form: FileHandle.Form) {
        for body in Self.bodies(Self.handle(form, token: "guessed")) {
            let error = Self.error(body, link: "https://gateway.test/f")
            #expect(error?.code == .invalidBody)
            #expect(error?.message.contains("was not sent with this request") == true)
            #expect(throws: APIError.self) { try BodyLayout(body) }
        }
    }

    @Test func `refuses an address where the call has none`() {
        for body in Self.bodies(Self.handle(.url)) {
            let error = Self.error(body)
            #expect(error?.code == .mappingFailed)
            #expect(error?.message.contains("file_url") == true)
        }
    }

    @Test func `refuses to send a stream twice`() {
        let twice = OutgoingBody.multipart([
            BodyPart(name: "a", content: .file(Self.handle())), BodyPart(name: "b", content: .file(Self.handle(.base64))),
        ])
        #expect(Self.error(twice)?.code == .mappingFailed)
        #expect(Self.error(.json([Self.handle().json, Self.handle(.dataURI).json]))?.message.contains("more than once") == true)
        // An address may stand there as often as it likes.
        let once: JSONValue = [Self.handle(.url).json, Self.handle(.url).json, Self.handle().json]
        #expect(Self.error(.json(once), link: "https://a.test/") == nil)
    }

    @Test(arguments: ["QUJ", "%%%%", "QUJD QUJD!"]) func `refuses a blob that is no base64`(text: String) throws {
        let blob = try #require(InlineBlob(["$blob": ["base64": .string(text)]]))
        let part = OutgoingBody.multipart([BodyPart(name: "b", content: .blob(blob))])
        for body in [part, .raw(["$blob": ["base64": .string(text)]], contentType: nil)] {
            let error = Self.error(body)
            #expect(error?.code == .mappingFailed || text == "QUJ", "three letters without padding are two bytes")
            if let error { #expect(error.message.contains("not base64")) }
        }
    }

    // MARK: Length

    @Test(arguments: [(0, 0), (1, 4), (2, 4), (3, 4), (4, 8), (6, 8), (5 << 30, 7_158_278_828)] as [(Int64, Int64)])
    func `knows its length by the file's`(size: Int64, encoded: Int64) throws {
        #expect(try Self.layout(.raw(Self.handle().json, contentType: nil)).length(fileSize: size) == size)
        #expect(try Self.layout(.raw(Self.handle(.base64).json, contentType: nil)).length(fileSize: size) == encoded)
        #expect(try Self.layout(.json(["f": Self.handle().json])).length(fileSize: size) == encoded + 8)
    }

    @Test func `does not know its length where the file's is unknown, unless it holds none`() throws {
        #expect(try Self.layout(.raw(Self.handle().json, contentType: nil)).length(fileSize: nil) == nil)
        #expect(try Self.layout(.raw("abc", contentType: nil)).length(fileSize: nil) == 3)
    }

    @Test func `keeps what stands together in one piece`() {
        var layout = BodyLayout()
        layout.append("a")
        layout.append(ByteBuffer())
        layout.append("b")
        layout.appendFile(.identity, "t1")
        layout.append("")
        layout.append("c")
        #expect(layout.segments.count == 3)
        #expect(layout.picture == "ab⟨file⟩c")
        #expect(layout.placedFiles == ["t1"])
    }
}
