import JSON
import NIOCore
import NIOHTTP1
import Testing

/// What real clients send, byte for byte, and what must arrive: a 200 never means that something else than the caller's
/// file was stored.
@Suite struct ClientBodyTests {
    static let form = "multipart/form-data; boundary=b"
    static let urlEncoded = "application/x-www-form-urlencoded"
    static let json = "application/json"
    static let acting = "remote_query[perform_as]=\(TestGateway.performAs)"
    static let files = "/v1/opportunities/\(TestGateway.opportunity)/files"

    static func part(_ head: String, _ body: String = "x") -> String {
        "--b\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(body)\r\n"
    }

    static func parts(_ parts: String...) -> String { parts.joined() + "--b--\r\n" }

    static func named(_ filename: String, _ body: String = "x") -> String {
        parts(part("name=\"file\"; \(filename)", body))
    }

    static func nested(_ heads: String...) -> String {
        parts(
            "--b\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n"
                + heads.map { "--i\r\nContent-Disposition: attachment; \($0)\r\n\r\nA\r\n" }.joined() + "--i--\r\n\r\n")
    }

    /// `uploads.md`, F1, F3–F6: answered 200, and the wrong thing stored.
    static let wrong: [UploadRow] = [
        UploadRow(
            "F1 text in JSON", json, #"{"file":"plain text cv","file_name":"cv.txt"}"#, .refused("invalid_file", "file", hint: "base64")),
        UploadRow("F1 pluses made blanks", json, #"{"file":"a b/","file_name":"cv.txt"}"#, .refused("invalid_file", "file")),
        UploadRow("F1 a plus at the end made a blank", json, #"{"file":"Zm9 ","file_name":"cv.txt"}"#, .refused("invalid_file", "file")),
        UploadRow("F1 lines of MIME", json, #"{"file":"Zm9v\r\nYmFy\r\n","file_name":"cv.txt"}"#, .stored("foobar", "cv.txt")),
        UploadRow(
            "F3 JSON as curl labels it", urlEncoded, #"{"file":"SGVsbG8=","file_name":"a.txt"}"#, .stored("Hello", "a.txt", "text/plain")),
        UploadRow(
            "F3 JSON with a candidate", urlEncoded, #"{"file":"SGVsbG8=","candidate_id":"\#(TestGateway.opportunity)"}"#, query: acting,
            .stored("Hello", path: files)),
        UploadRow(
            "F3 fields", urlEncoded, "file=SGVsbG8%3D&file_name=a.txt&candidate%5Bid%5D=\(TestGateway.opportunity)", query: acting,
            .stored("Hello", "a.txt", path: files)),
        UploadRow(
            "F3 a data URI in fields", urlEncoded + "; charset=utf-8", "file=data%3Atext%2Fcsv%3Bbase64%2CSGVsbG8%3D",
            .stored("Hello", "file.csv", "text/csv")),
        UploadRow(
            "F3 an address in fields", urlEncoded, "file_url=https%3A%2F%2F127.0.0.1%2Fa.pdf", .refused("egress_refused", "file_url")),
        UploadRow("F3 bytes under the label of a form", urlEncoded, "%PDF-1.4 x", .refused("missing_file", "file")),
        UploadRow(
            "F3 named bytes under the label of a form", urlEncoded, "%PDF-1.4 x", query: "file_name=cv.pdf",
            .stored("%PDF-1.4 x", "cv.pdf", "application/pdf")),
        UploadRow("F3 text/json", "text/json", #"{"file":"SGVsbG8=","file_name":"a.txt"}"#, .stored("Hello", "a.txt")),
        UploadRow("F3 a JSON suffix", "application/vnd.api+json", #"{"file":"SGVsbG8=","file_name":"a.txt"}"#, .stored("Hello", "a.txt")),
        UploadRow("F4 multipart/mixed with names", "multipart/mixed; boundary=b", named("filename=a.txt"), .stored("x", "a.txt")),
        UploadRow("F4 multipart/related with names", "multipart/related; boundary=b", named("filename=a.txt"), .stored("x", "a.txt")),
        UploadRow(
            "F4 multipart/mixed without names", "multipart/mixed; boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n",
            .refused("unsupported_media_type", hint: "multipart/form-data", status: 415)),
        UploadRow("F5 one inner file", form, nested("filename=a.txt"), .stored("A", "a.txt", "text/plain")),
        UploadRow("F5 two inner files", form, nested("filename=a", "filename=b"), .refused("too_many_files", "file")),
        UploadRow("F6 nothing at all", nil, "", .refused("missing_file", "file")),
        UploadRow("F6 nothing with a type", "application/pdf", "", .refused("missing_file", "file")),
        UploadRow("F6 nothing as text", "text/plain", "", .refused("missing_file", "file")),
        UploadRow("F6 nothing as a form", urlEncoded, "", .refused("missing_file", "file")),
        UploadRow(
            "F6 an empty file input", form, parts(part("name=\"file\"; filename=\"\"\r\nContent-Type: application/octet-stream", "")),
            .refused("missing_file", "file")),
        UploadRow("F6 an empty text", form, parts(part("name=\"file\"", "")), .refused("missing_file", "file")),
        UploadRow("F6 an empty text in JSON", json, #"{"file":""}"#, .refused("missing_file", "file")),
        UploadRow("F6 a named file of no bytes in JSON", json, #"{"file":"","file_name":"a.txt"}"#, .stored("", "a.txt")),
        UploadRow("F6 a named file of no bytes", form, named("filename=a.txt", ""), .stored("", "a.txt")),
        UploadRow("F6 a named body of no bytes", "text/csv", "", query: "file_name=a.csv", .stored("", "a.csv", "text/csv")),
        UploadRow("U5 undefined", form, parts(part("name=\"file\"", "undefined")), .refused("invalid_file", "file", hint: "no bytes")),
        UploadRow("U5 null", form, parts(part("name=\"file\"", "null")), .refused("invalid_file", "file", hint: "no bytes")),
        UploadRow(
            "U5 an object", form, parts(part("name=\"file\"", "[object Object]")), .refused("invalid_file", "file", hint: "no bytes")),
        UploadRow("U5 a path", form, parts(part("name=\"file\"", "@/path/cv.pdf")), .refused("invalid_file", "file", hint: "no bytes")),
        UploadRow(
            "U5 an address", form, parts(part("name=\"file\"", "https://example.com/cv.pdf")),
            .refused("invalid_file", "file", hint: "file_url")),
        UploadRow("U5 null as a text in JSON", json, #"{"file":"null"}"#, .refused("invalid_file", "file", hint: "no bytes")),
        UploadRow(
            "U5 a data URI", form, parts(part("name=\"file\"", "data:text/csv;base64,SGVsbG8=")), .stored("Hello", "file.csv", "text/csv")),
        UploadRow("U5 a text is a file", form, parts(part("name=\"file\"", "null and void")), .stored("null and void", "file")),
        UploadRow(
            "U4 an empty candidate", form, parts(part("name=candidate_id", ""), part("name=file; filename=a")),
            .refused("invalid_body", "candidate_id")),
        UploadRow(
            "U4 an empty candidate in the query", form, named("filename=a"), query: "candidate_id=",
            .refused("invalid_query_parameter", "candidate_id")),
        UploadRow(
            "U4 a candidate as text", json, #"{"file":"AA==","candidate":"1"}"#, .refused("invalid_body", "candidate", hint: "candidate_id")
        ),
        UploadRow(
            "U4 another spelling", form, parts(part("name=candidateId", "1"), part("name=file; filename=a")),
            .refused("unknown_body_field", "candidateId", hint: "candidate_id")),
        UploadRow(
            "U4 another spelling inside", form, parts(part("name=\"candidate[Id]\"", "1"), part("name=file; filename=a")),
            .refused("unknown_body_field", "candidate[Id]", hint: "candidate[id]")),
        UploadRow(
            "U4 another spelling in the query", form, named("filename=a"), query: "candidateId=1",
            .refused("invalid_query_parameter", "candidateId", hint: "candidate_id")),
        UploadRow(
            "U4 a candidate with a dot", form, parts(part("name=candidate.id", TestGateway.opportunity), part("name=file; filename=a")),
            query: acting, .stored("x", "a", path: files)),
    ]

    /// `uploads.md`, F7–F12, U1–U11: refused though right, or with an error that misleads.
    static let right: [UploadRow] = [
        UploadRow(
            "F7 a second input left empty", form, parts(part("name=file; filename=a.txt"), part("name=cover; filename=\"\"", "")),
            .stored("x", "a.txt")),
        UploadRow("F8 a candidate that is null", json, #"{"candidate_id":null,"file":"SGVsbG8=","file_name":"a"}"#, .stored("Hello", "a")),
        UploadRow("F8 a candidate whose id is null", json, #"{"candidate":{"id":null},"file":"SGVsbG8="}"#, .stored("Hello")),
        UploadRow(
            "F8 null beside an application", json,
            #"{"candidate_id":null,"application_id":"\#(TestGateway.opportunity)","file":"SGVsbG8="}"#, query: acting,
            .stored("Hello", path: files)),
        UploadRow("F9 quotes in a name", form, named(#"filename="a "b" c.txt""#), .stored("x", "a %22b%22 c.txt")),
        UploadRow("F9 quotes that cannot be read", form, named(#"filename="a "b"; c.txt""#), .refused("invalid_multipart", hint: "%22")),
        UploadRow("F11 a byte order mark", json, "\u{FEFF}{\"file\":\"SGVsbG8=\"}", .stored("Hello")),
        UploadRow(
            "F11 UTF-16", json, bytes: [0xFF, 0xFE] + "{\"a\":1}".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
            .refused("invalid_json", hint: "UTF-8")),
        UploadRow("F12 file[]", form, parts(part("name=\"file[]\"; filename=a")), .stored("x", "a")),
        UploadRow("F12 file[0]", form, parts(part("name=\"file[0]\"; filename=a")), .stored("x", "a")),
        UploadRow("F12 files[]", form, parts(part("name=\"files[]\"; filename=a")), .stored("x", "a")),
        UploadRow(
            "F12 two of files[]", form, parts(part("name=\"files[]\"; filename=a"), part("name=\"files[]\"; filename=b")),
            .refused("too_many_files")),
        UploadRow("F12 resume", form, parts(part("name=resume; filename=a")), .refused("missing_file", "resume", hint: "part file")),
        UploadRow("F12 data", form, parts(part("name=data; filename=a")), .refused("missing_file", "data")),
        UploadRow("F12 File", form, parts(part("name=File; filename=a")), .refused("missing_file", "File")),
        UploadRow(
            "U1 an encoded word", form, named("filename=\"=?utf-8?B?TcO8bGxlciBjdi5wZGY=?=\""),
            .stored("x", "Müller cv.pdf", "application/pdf")),
        UploadRow(
            "U1 an encoded word in a header", "text/csv", "x",
            headers: [("content-disposition", "attachment; filename=\"=?utf-8?Q?M=C3=BCller.csv?=\"")], .stored("x", "Müller.csv")),
        UploadRow("U2 a percent-encoded name", form, named("filename=\"my%20cv.pdf\""), .stored("x", "my cv.pdf")),
        UploadRow("U2 a percent that means itself", form, named("filename=\"100%25.pdf\""), .stored("x", "100%25.pdf")),
        UploadRow("U3 escapes of browsers", form, named("filename=\"a%22b%0D%0Ac.pdf\""), .stored("x", "a%22bc.pdf")),
        UploadRow("U6 a type by the name", form, named("filename=cv.pdf"), .stored("x", "cv.pdf", "application/pdf")),
        UploadRow(
            "U6 a type by the name in place of none", form, named("filename=cv.pdf\r\nContent-Type: application/octet-stream"),
            .stored("x", "cv.pdf", "application/pdf")),
        UploadRow("U6 a name by the type", "application/pdf", "x", .stored("x", "file.pdf", "application/pdf")),
        UploadRow(
            "U6 a name by the type of a part", form, parts(part("name=file\r\nContent-Type: image/png")),
            .stored("x", "file.png", "image/png")),
        UploadRow(
            "U7 what is said of a part wins", form,
            parts(
                part("name=file_name", "b.csv"), part("name=content_type", "text/csv"),
                part("name=file; filename=a.txt\r\nContent-Type: text/plain")), .stored("x", "b.csv", "text/csv")),
        UploadRow("U8 a text with a name", "text/plain", "Dear Sir", query: "file_name=a.txt", .stored("Dear Sir", "a.txt", "text/plain")),
        UploadRow(
            "U8 a named text that looks like JSON", "text/plain", #"{"file":"AA=="}"#, query: "file_name=a.json",
            .stored(#"{"file":"AA=="}"#, "a.json")),
        UploadRow("U8 a text without a name", "text/plain", "Dear Sir", .refused("invalid_body", hint: "file_name")),
        UploadRow("U9 a name in pieces", form, named("filename*0*=UTF-8''M%C3%BC; filename*1=\"ller.pdf\""), .stored("x", "Müller.pdf")),
        UploadRow(
            "U9 a name in an unknown charset", form, named("filename*=koi8-r''%C1%C2.pdf"), .stored("x", "file.pdf", "application/pdf")),
        UploadRow(
            "U9 a name of which nothing can be read", form, named("filename*=koi8-r''%C1%C2\r\nContent-Type: image/png"),
            .stored("x", "file.png")),
        UploadRow(
            "U11 an address in file", json, #"{"file":"https://example.com/cv.pdf"}"#, .refused("invalid_file", "file", hint: "file_url")),
        UploadRow("U11 an empty Content-Encoding", "text/csv", "x", headers: [("content-encoding", "")], .stored("x", "file.csv")),
        UploadRow("U11 an empty file_url", json, #"{"file":"SGVsbG8=","file_url":""}"#, .stored("Hello")),
        UploadRow(
            "U11 remote_data as text", json, #"{"file":"SGVsbG8=","remote_data":"{}"}"#, .refused("invalid_remote_data", "remote_data")),
        UploadRow("U11 too many parts", form, (0..<1001).map { part("name=a\($0)") }.joined() + "--b--\r\n", .refused("invalid_multipart")),
        UploadRow(
            "U11 nested too deep", form,
            parts(part("name=\"a" + String(repeating: "[b]", count: 40) + "\""), part("name=file; filename=a")),
            .refused("invalid_multipart")),
        UploadRow("hints: cut short", form, part("name=file; filename=a"), .refused("invalid_multipart", hint: "closing boundary")),
        UploadRow("hints: another boundary", form, "--c\r\n\r\n--c--\r\n", .refused("invalid_multipart", hint: "Content-Type")),
        UploadRow("hints: no JSON", json, "file=x", .refused("invalid_json", hint: "JSON object")),
        UploadRow("hints: JSON cut short", json, #"{"file":"AA"#, .refused("invalid_json", hint: "whole document")),
    ]

    /// What was right, and must stay so.
    static let same: [UploadRow] = [
        UploadRow(
            "a quoted boundary with blanks", "multipart/form-data; boundary=\"a b\"",
            "--a b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nx\r\n--a b--\r\n", .stored("x", "a")),
        UploadRow("a preamble and an epilogue", form, "preamble\r\n" + named("filename=a") + "epilogue", .stored("x", "a")),
        UploadRow("no last line break", form, String(named("filename=a").dropLast()), .stored("x", "a")),
        UploadRow("a file that ends in a line break", form, named("filename=a", "x\r\n"), .stored("x\r\n", "a")),
        UploadRow("near-boundaries", form, named("filename=a", "--b\r\n-b\r\n--\r\n\r\n-- b"), .refused("invalid_multipart")),
        UploadRow("lines like boundaries", form, named("filename=a", "\r\n--c\r\n--\r\n -b"), .stored("\r\n--c\r\n--\r\n -b", "a")),
        UploadRow("a UTF-8 name", form, named("filename=\"履歴書 👩‍💻.pdf\""), .stored("x", "履歴書 👩‍💻.pdf")),
        UploadRow(
            "a Latin-1 name", form,
            bytes: Array("--b\r\nContent-Disposition: form-data; name=file; filename=\"M".utf8) + [0xFC]
                + Array("ller.pdf\"\r\n\r\nx\r\n--b--\r\n".utf8), .stored("x", "Müller.pdf")),
        UploadRow("an extended name", form, named("filename=x; filename*=UTF-8''M%C3%BCller.pdf"), .stored("x", "Müller.pdf")),
        UploadRow("a name without the mark that turns it around", form, named("filename=\"a\u{202E}fdp.exe\""), .stored("x", "afdp.exe")),
        UploadRow(
            "URL-safe base64", json, #"{"file":"_-_-"}"#, .stored([0xFF, 0xEF, 0xFE], name: nil, type: nil, path: UploadRow.Outcome.upload)),
        UploadRow("base64 without padding", json, #"{"file":"Zm8"}"#, .stored("fo")),
        UploadRow("a data URI", json, #"{"file":"data:application/pdf;base64,Zm8="}"#, .stored("fo", "file.pdf", "application/pdf")),
        UploadRow(
            "a compressed body", "application/pdf", "x", headers: [("content-encoding", "gzip")],
            .refused("unsupported_media_type", status: 415)),
    ]

    @Test(arguments: [wrong, right, same]) func `what arrives is what was meant`(rows: [UploadRow]) async throws {
        try await TestGateway.run { gateway in for row in rows { try await row.check(gateway) } }
    }

    @Test func `a name of 300 characters keeps its extension`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(
                .POST, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)", headers: [("content-type", Self.form)],
                body: ByteBuffer(string: Self.named("filename=\"\(String(repeating: "n", count: 300)).pdf\"")))
            #expect(response.status == 200)
            let name = try await gateway.received().first?["parts"]?.array?.first?["filename"]?.string
            #expect(name?.hasSuffix("n.pdf") == true)
        }
    }

    @Test func `no name from inside a definition reaches a caller`() async throws {
        try await TestGateway.run { gateway in
            let calls: [(HTTPMethod, String)] = [
                (.POST, "attachments/download?file_url=https://example.com/a/b"), (.POST, "attachments/download?"),
                (.GET, "attachments?"), (.GET, "attachments/1?"), (.DELETE, "attachments/1?"), (.GET, "attachments/..?candidate_id=.."),
                (.GET, "attachments?candidate_id=.."), (.DELETE, "attachments/1?candidate_id=.."),
            ]
            for (method, path) in calls {
                let response = try await gateway.call(
                    method, "/unified/ats/\(path)&integrated_account_id=\(gateway.accountID)",
                    body: method == .POST ? ByteBuffer(string: "") : nil)
                #expect((400..<500).contains(response.status), "\(path)")
                #expect(!response.json.text().contains("opportunity"), "\(response.json.text())")
                #expect(!response.json.text().contains("{{"), "\(response.json.text())")
                #expect(response.json["param"]?.string != nil, "\(path): \(response.json.text())")
            }
        }
    }

    @Test func `a temporary upload says until when, and can be refused`() async throws {
        try await TestGateway.run { gateway in
            let temporary = try await gateway.upload(Form(Form.resume))
            #expect(temporary.json["expires_at"]?.string?.hasSuffix("Z") == true, "\(temporary.json.text())")
            let kept = try await gateway.upload(
                Form(.field("candidate_id", TestGateway.opportunity), Form.resume), query: Self.acting)
            #expect(kept.status == 200)
            #expect(kept.json["expires_at"] == nil)
            _ = try await gateway.received()

            let refused = try await gateway.upload(Form(Form.resume), query: "require_candidate=true")
            #expect(refused.status == 400)
            #expect(refused.json["code"] == "missing_body_fields")
            #expect(refused.json["param"] == "candidate_id")
            #expect(try await gateway.received().isEmpty)
            let named = try await gateway.upload(
                Form(.field("application_id", TestGateway.opportunity), Form.resume), query: Self.acting + "&require_candidate=true")
            #expect(named.status == 200, "\(named.json.text())")

            let setting = try await gateway.call(
                .PATCH, "/integrated-account/\(gateway.accountID)", headers: [("content-type", Self.json)],
                body: ByteBuffer(string: #"{"context":{"require_candidate":true}}"#))
            #expect(setting.status == 200, "\(setting.json.text())")
            #expect(try await gateway.upload(Form(Form.resume)).json["code"] == "missing_body_fields")
        }
    }
}
