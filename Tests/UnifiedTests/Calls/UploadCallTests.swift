import Crypto
import FoundationEssentials
import HTTPTypes
import JSON
import Testing

@testable import Unified
@testable import Upstream

/// The way of a file from the caller's body to the provider's.
struct `An upload` {
    private static func vendor(
        _ format: String, body: String = #"{"f": body.file, "of": params.candidate_id}"#, more: String = ""
    ) -> TestVendor {
        TestVendor(
            calls: """
                  files:
                    create: {method: post, path: /files, body_format: \(format)\(more)}
                """,
            mapping: """
                  files:
                    create:
                      request_body_mapping: '\(body)'
                      response_mapping: '{"id": response.id, "file_name": body.file.name}'
                """)
    }

    private static let multipart = vendor("multipart")

    private static func run(
        _ vendor: TestVendor = multipart, lookahead: Int = 1 << 20, maxFileBytes: Int64 = 1 << 30, spools: Bool = true,
        answer: @escaping @Sendable (MemoryProvider.Request) -> MemoryProvider.Response = { _ in .json(#"{"id":9}"#) },
        _ body: (TestService) async throws -> Void
    ) async throws {
        var limits = UnifiedService.Limits()
        limits.lookahead = lookahead
        limits.maxFileBytes = maxFileBytes
        if !spools { limits.spoolFolder = nil }
        try await TestService.run(vendor, limits: limits) { request, _ in
            answer(request)
        } _: {
            try await body($0)
        }
    }

    private static let bytes = String(repeating: "%PDF-1.7 ", count: 30)
    private static let form: [TestForm.Part] = [.field("candidate_id", "5"), .file("file", bytes)]

    /// The parts of a multipart body: names with what they hold.
    private static func parts(_ request: MemoryProvider.Request) throws -> [String] {
        let type = try #require(request["content-type"])
        let boundary = try #require(type.split(separator: "boundary=").last)
        return request.body.components(separatedBy: "--\(boundary)").dropFirst().dropLast().map {
            String($0.dropFirst().dropLast()).replacing("\r\n", with: "|")
        }
    }

    // MARK: Ways of the file

    @Test(arguments: [1 << 20, 200, 400]) func `reaches the provider whole, read ahead or streamed`(lookahead: Int) async throws {
        try await Self.run(lookahead: lookahead) { service in
            let reply = try await service.reply("create", "files", body: .form(Self.form, by: 50))
            #expect(reply.json["id"] == "9" && reply.json["file_name"] == "cv.pdf")
            let sent = try #require(service.provider.received.first)
            #expect(
                try Self.parts(sent) == [
                    "Content-Disposition: form-data; name=\"f\"; filename=\"cv.pdf\"|Content-Type: application/pdf||\(Self.bytes)",
                    "Content-Disposition: form-data; name=\"of\"||5",
                ])
            let isWhole = lookahead == 1 << 20
            #expect(sent["content-length"] == (isWhole ? "\(sent.body.utf8.count)" : nil))
            #expect(sent["transfer-encoding"] == (isWhole ? nil : "chunked"))
        }
    }

    @Test func `has a length where the request says how long the file can be`() async throws {
        try await Self.run(lookahead: 200) { service in
            _ = try await service.reply("create", "files", body: .form(Self.form, by: 50, isLengthKnown: true))
            let sent = try #require(service.provider.received.first)
            #expect(sent["content-length"] == "\(sent.body.utf8.count)" && sent["transfer-encoding"] == nil)
            #expect(sent.body.hasSuffix("--\r\n  "), "filled to what was announced")
            #expect(try Self.parts(sent).count == 2)
        }
    }

    private static let encoded = Data(bytes.utf8).base64EncodedString()

    @Test(
        arguments: [
            ("json", #"{"f": body.file}"#, #"{"f":"BASE64"}"#),
            ("json", #"{"f": $getDataUri(body.file)}"#, #"{"f":"data:application/pdf;base64,BASE64"}"#),
            ("json", #"{"f": $base64encode(body.file), "n": body.file.name}"#, #"{"f":"BASE64","n":"cv.pdf"}"#),
            ("raw", "body.file", "BYTES"),
            ("xml", #"{"a": {"f": $base64encode(body.file)}}"#, "<a><f>BASE64</f></a>"),
        ])
    func `has the form that the provider takes`(format: String, body: String, text: String) async throws {
        for lookahead in [1 << 20, 200] {
            try await Self.run(Self.vendor(format, body: body), lookahead: lookahead) { service in
                _ = try await service.reply("create", "files", body: .form(Self.form, by: 50))
                let sent = service.provider.received.first?.body ?? ""
                #expect(sent.hasSuffix(text.replacing("BASE64", with: Self.encoded).replacing("BYTES", with: Self.bytes)))
            }
        }
    }

    @Test(arguments: [1 << 20, 150]) func `may come as base64 in JSON`(lookahead: Int) async throws {
        try await Self.run(lookahead: lookahead) { service in
            let text = #"{"candidate_id":"5","file_name":"cv.txt","file":"\#(Self.encoded)"}"#
            _ = try await service.reply("create", "files", body: .json(text, by: 40))
            let part = try Self.parts(try #require(service.provider.received.first))[0]
            #expect(part.contains("filename=\"cv.txt\"|Content-Type: text/plain") && part.hasSuffix(Self.bytes))
        }
    }

    @Test(arguments: [true, false]) func `whose fields come behind it waits on disk, or is refused without one`(spools: Bool) async throws {
        try await Self.run(lookahead: 150, spools: spools) { service in
            let text = #"{"file":"\#(Self.encoded)","candidate_id":"5"}"#
            let call = try service.unifiedCall("create", "files", body: .json(text, by: 40))
            guard spools else {
                let error = await service.error(call)
                #expect(error?.code == .fieldAfterFile && error?.param == "candidate_id")
                return
            }
            _ = try await service.reply(call)
            let sent = try #require(service.provider.received.first)
            #expect(try Self.parts(sent).last == "Content-Disposition: form-data; name=\"of\"||5")
            #expect(sent["content-length"] == "\(sent.body.utf8.count)", "its length is known by then")
        }
    }

    @Test func `waits on disk where the provider is told its size`() async throws {
        let vendor = Self.vendor("json", body: #"{"size": body.file.size, "f": body.file}"#)
        for lookahead in [1 << 20, 200] {
            try await Self.run(vendor, lookahead: lookahead) { service in
                _ = try await service.reply("create", "files", body: .form(Self.form, by: 50))
                #expect(service.provider.received.first?.body.hasPrefix(#"{"size":\#(Self.bytes.utf8.count),"#) == true)
            }
        }
    }

    @Test func `that is in memory or on disk is sent again where that is safe`() async throws {
        for (lookahead, isSafe) in [(1 << 20, true), (200, false)] {
            let vendor = Self.vendor("multipart", more: ", idempotent: true")
            var limits = UnifiedService.Limits()
            limits.lookahead = lookahead
            try await TestService.run(vendor, limits: limits) { _, before in
                before.isEmpty ? .hangUp : .json(#"{"id":9}"#)
            } _: { service in
                let call = try service.unifiedCall("create", "files", body: .form(Self.form, by: 50))
                if isSafe {
                    _ = try await service.reply(call)
                    #expect(service.provider.received.count == 2)
                    let bodies = try service.provider.received.map { try Self.parts($0) }
                    #expect(bodies[0] == bodies[1])
                } else {
                    let error = await service.error(call)
                    #expect(error?.code == .providerUnreachable && service.provider.received.count == 1)
                }
            }
        }
    }

    // MARK: What is said of it

    @Test(
        arguments: [
            (
                [.field("file_name", "x.docx"), .file("file", "a", name: "y.pdf", type: nil)], "", "x.docx",
                "application/vnd.openxmlformats"
            ),
            ([.file("file", "a", name: "y.pdf", type: "application/octet-stream")], "", "y.pdf", "application/pdf"),
            ([.file("file", "a", name: nil, type: "image/png")], "", "file.png", "image/png"),
            ([.file("file", "a", name: "../../etc/passwd.txt", type: nil)], "", "passwd.txt", "text/plain"),
            ([.file("file", "a", name: "y.pdf", type: nil)], "file_name=q.txt", "q.txt", "text/plain"),
            ([.field("content_type", "a/b"), .file("file", "a", name: "y.pdf", type: nil)], "", "y.pdf", "a/b"),
        ] as [([TestForm.Part], String, String, String)])
    func `has the name and type that its caller means`(parts: [TestForm.Part], query: String, name: String, type: String) async throws {
        try await Self.run { service in
            _ = try await service.reply("create", "files", query: query, body: .form([.field("candidate_id", "5")] + parts))
            let part = try Self.parts(try #require(service.provider.received.first))[0]
            #expect(part.contains("filename=\"\(name)\"|Content-Type: \(type)"))
        }
    }

    @Test(arguments: ["candidate_id=5", "candidate[id]=5"]) func `may be somebody's by the query`(query: String) async throws {
        try await Self.run { service in
            _ = try await service.reply("create", "files", query: query, body: .form([.file("file", "a")]))
            #expect(try Self.parts(try #require(service.provider.received.first)).last?.hasSuffix("||5") == true)
        }
    }

    // MARK: Digest

    @Test(arguments: [1 << 20, 200]) func `has its digest in the response where the caller asks for it`(lookahead: Int) async throws {
        try await Self.run(lookahead: lookahead) { service in
            for wants in [true, false] {
                var call = try service.unifiedCall("create", "files", body: .form(Self.form, by: 50))
                call.wantsFileDigest = wants
                let reply = try await service.reply(call)
                let digest = Data(SHA256.hash(data: Data(Self.bytes.utf8))).base64EncodedString()
                #expect(reply.headers.map { "\($0.name): \($0.value)" } == (wants ? ["file-digest: sha-256=:\(digest):"] : []))
            }
        }
    }

    // MARK: What is refused before anything is sent

    private static let refused: [(parts: [TestForm.Part], query: String, code: String, param: String?)] = [
        ([.field("candidate_id", "5")], "", "missing_file", "file"), ([], "", "missing_file", "file"),
        ([.file("file", "", name: nil)], "", "missing_file", "file"),
        ([.field("candidateId", "5"), .file("file", "a")], "", "unknown_body_field", "candidateId"),
        ([.field("candidate_id", ""), .file("file", "a")], "", "invalid_body", "candidate_id"),
        ([.field("candidate_id[]", "5"), .field("candidate_id[]", "6"), .file("file", "a")], "", "invalid_body", "candidate_id"),
        ([.file("file", "a")], "candidate-id=5", "invalid_query_parameter", "candidate-id"),
        ([.field("file_url", "https://a.test/x"), .file("file", "a")], "", "too_many_files", "file_url"),
        ([.file("file", "a")], "require_candidate=true", "missing_body_fields", "candidate_id"),
        ([.field("remote_data", "[1]"), .file("file", "a")], "", "invalid_remote_data", "remote_data"),
    ]

    @Test(arguments: refused.indices) func `that lacks something, or says what nobody understands, is not sent`(index: Int) async throws {
        let row = Self.refused[index]
        try await Self.run { service in
            let error = try await service.error("create", "files", query: row.query, body: .form(row.parts))
            #expect(error?.code.name == row.code && (error?.param == row.param || row.param == nil), "\(String(describing: error))")
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `takes a file with a name and no bytes`() async throws {
        try await Self.run { service in
            _ = try await service.reply("create", "files", body: .form([.file("file", "", name: "empty.txt")]))
            #expect(service.provider.received.count == 1)
        }
    }

    @Test(arguments: [true, "true"] as [JSONValue]) func `of nobody is refused where the account says so`(setting: JSONValue) async throws {
        try await Self.run { service in
            let parts: [TestForm.Part] = [.file("file", "a")]
            let error = try await service.error("create", "files", body: .form(parts), context: ["require_candidate": setting])
            #expect(error?.code == .missingBodyFields && error?.hint?.contains("require_candidate") == true)
            _ = try await service.reply("create", "files", body: .form(parts), context: ["require_candidate": false])
        }
    }

    @Test(
        arguments: [
            (", accepted_types: [.pdf, image/*]", "cv.pdf", "application/pdf", true),
            (", accepted_types: [.pdf, image/*]", "a.png", "image/png", true),
            (", accepted_types: [.pdf]", "a.exe", "application/x-msdownload", false),
            (", refused_types: [.exe]", "a.exe", "application/pdf", false),
            (", refused_types: [.exe]", "a.pdf", "application/pdf", true),
            (", accepted_types: [.pdf]", "a", "application/octet-stream", true),
        ])
    func `is of a type that the provider takes`(more: String, name: String, type: String, isAccepted: Bool) async throws {
        try await Self.run(Self.vendor("multipart", more: more)) { service in
            let call = try service.unifiedCall("create", "files", body: .form([.file("file", "a", name: name, type: type)]))
            if isAccepted {
                _ = try await service.reply(call)
            } else {
                let error = await service.error(call)
                #expect(error?.code == .fileTypeNotAccepted && error?.status == 415 && error?.param == "file")
                #expect(error?.message.contains("accepted are .pdf") == true || error?.message.contains("refused are .exe") == true)
            }
            #expect(service.provider.lines.count == (isAccepted ? 1 : 0))
        }
    }

    // MARK: Sizes

    @Test(arguments: [1 << 20, 160]) func `is no larger than the gateway, the provider and its body allow`(lookahead: Int) async throws {
        let size = Int64(Self.bytes.utf8.count)
        for (vendor, gateway, isRefused) in [
            (Self.multipart, size, false), (Self.multipart, size - 1, true),
            (Self.vendor("multipart", more: ", max_file_size: \(size - 1)"), 1 << 30, true),
            (Self.vendor("multipart", more: ", max_file_size: \(size)"), 1 << 30, false),
            (Self.vendor("json", more: ", max_body_size: 300"), 1 << 30, true),
        ] {
            try await Self.run(vendor, lookahead: lookahead, maxFileBytes: gateway) { service in
                let call = try service.unifiedCall("create", "files", body: .form([.file("file", Self.bytes)], by: 20))
                guard isRefused else {
                    _ = try await service.reply(call)
                    return
                }
                let error = await service.error(call)
                #expect(error?.code == .fileTooLarge && error?.status == 413 && error?.param == "file")
                #expect(service.provider.lines.isEmpty, "a provider has no whole file")
            }
        }
    }

    @Test func `is refused by its length alone where that is far too much`() async throws {
        try await Self.run(maxFileBytes: 1000) { service in
            let body = InboundBody.arriving([], type: TestForm.contentType, length: 1 << 40)
            let error = try await service.error("create", "files", body: body)
            #expect(error == .fileTooLarge(limit: 1000))
        }
    }

    @Test(arguments: [true, false]) func `may be of any size where nobody sets a limit`(isLengthKnown: Bool) async throws {
        try await Self.run(maxFileBytes: .max) { service in
            _ = try await service.reply("create", "files", body: .form(Self.form, isLengthKnown: isLengthKnown))
            let text = TestForm.text(Self.form)
            _ = try await service.reply(
                "create", "files", query: "truto_body_passthrough=1",
                body: .arriving([text], type: nil, length: isLengthKnown ? Int64(text.utf8.count) : nil))
        }
    }

    // MARK: What turns out on the way

    @Test func `is never whole at the provider where a field behind it would change the request`() async throws {
        try await Self.run(lookahead: 150) { service in
            let late: [TestForm.Part] = [.file("file", Self.bytes), .field("candidate_id", "5")]
            let error = try await service.error("create", "files", body: .form(late, by: 20))
            #expect(error?.code == .fieldAfterFile && error?.param == "candidate_id" && error?.hint == "Move candidate_id before file")
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `may have fields behind it that change nothing, which the response mapping reads`() async throws {
        var vendor = Self.multipart
        vendor.mapping = """
              files:
                create:
                  request_body_mapping: '{"f": body.file}'
                  response_mapping: '{"id": response.id, "file_name": body.note}'
            """
        for lookahead in [1 << 20, 150] {
            try await Self.run(vendor, lookahead: lookahead) { service in
                let reply = try await service.reply(
                    "create", "files", body: .form([.file("file", Self.bytes), .field("note", "n")], by: 20))
                #expect(reply.json["file_name"] == "n")
            }
        }
    }

    @Test func `that is misspelt behind its file is told so`() async throws {
        try await Self.run(lookahead: 220) { service in
            let late: [TestForm.Part] = [.field("candidate_id", "5"), .file("file", Self.bytes), .field("fileName", "x")]
            let error = try await service.error("create", "files", body: .form(late, by: 20))
            #expect(error?.code == .unknownBodyField && error?.hint == "Did you mean file_name?")
        }
    }

    @Test func `breaks off where its caller does, with the caller's own end`() async throws {
        try await Self.run(lookahead: 220) { service in
            let text = TestForm.text(Self.form)
            let body = InboundBody.arriving(
                String(text.prefix(text.utf8.count - 100)).pieces(of: 20), type: TestForm.contentType, failure: Broken())
            let call = try service.unifiedCall("create", "files", body: body)
            await #expect(throws: Broken.self) { try await service.unified.perform(call) { _ in } }
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `that is cut off is no whole form at the provider either`() async throws {
        try await Self.run(lookahead: 220) { service in
            let text = String(TestForm.text(Self.form).dropLast(20))
            let error = try await service.error("create", "files", body: .arriving(text.pieces(of: 20), type: TestForm.contentType))
            #expect(error?.code == .invalidMultipart && service.provider.lines.isEmpty)
        }
    }

    // MARK: Another's address

    @Test func `from an address that cannot be reached is the address's fault`() async throws {
        try await Self.run { service in
            for (url, code) in [
                ("https://files.test/cv.pdf", "file_url_unreachable"), ("ftp://files.test/x", "file_url_refused"),
                ("https://127.0.0.1/x", "egress_refused"),
            ] {
                let error = try await service.error("create", "files", body: .json(#"{"file_url":"\#(url)"}"#))
                #expect(error?.code.name == code && error?.param == "file_url", "\(url)")
            }
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test(
        arguments: [
            ("https://a.test/b/cv.pdf?x=/y.txt", "cv.pdf"), ("https://a.test", nil), ("https://a.test/", nil), ("/x/y%20z", "y z"),
            ("https://a.test/a%2Fb.pdf#/c", "a/b.pdf"), ("/%zz", nil), ("/%ff", nil), ("/%", nil), ("/%+1", nil), ("/%C3%BC", "ü"),
        ] as [(String, String?)])
    func `from an address has its last segment's name`(address: String, name: String?) {
        #expect(FetchedSource.name(inPath: address) == name)
    }

}
