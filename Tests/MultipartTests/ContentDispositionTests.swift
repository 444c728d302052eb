import Multipart
import Testing

struct ContentDispositionTests {
    @Test(
        arguments: [
            ("attachment", nil),
            (#"attachment; filename="a.pdf""#, "a.pdf"),
            ("attachment; filename=a.pdf", "a.pdf"),
            ("ATTACHMENT;FILENAME=a.pdf", "a.pdf"),
            ("attachment ; filename = \"a.pdf\" ; x=y", "a.pdf"),
            ("attachment; filename=my cv.pdf", "my cv.pdf"),
            (#"attachment; filename="a\"b\\c.pdf""#, #"a"b\c.pdf"#),
            (#"attachment; filename="C:\Users\me\cv.pdf""#, #"C:\Users\me\cv.pdf"#),
            (#"attachment; filename="ends in \""#, #"ends in \"#),
            (#"attachment; filename="a;b=c.pdf""#, "a;b=c.pdf"),
            (#"attachment; filename="""#, ""),
            ("attachment; filename=\"Zo\u{EB}.pdf\"", "Zo\u{EB}.pdf"),
            ("attachment; filename=x; filename*=UTF-8''%e2%82%ac%20rates", "€ rates"),
            ("attachment; filename*=UTF-8''%e2%82%ac%20rates; filename=x", "€ rates"),
            ("attachment; filename*=utf-8'en'a.pdf", "a.pdf"),
            ("attachment; filename*=iso-8859-1'en'%A3%20rates", "£ rates"),
            ("attachment; filename=x; filename*=UTF-8''%FF", "x"),
            ("attachment; filename=x; filename*=UTF-8''%zz", "x"),
            ("attachment; filename=x; filename*=koi8-r''%C1", "x"),
            ("attachment; filename=x; filename*=nothing", "x"),
            ("attachment; filename=\"100%22.pdf\"", "100%22.pdf"),
            (#"attachment; filename="a "b" c.txt""#, #"a "b" c.txt"#),
            (#"attachment; filename="a"b.pdf""#, #"a"b.pdf"#),
            (#"form-data; name="file"; filename="a "b" c.txt"; x=y"#, #"a "b" c.txt"#),
            (#"form-data; name=file; filename=""a"""#, #""a""#),
            ("attachment; filename=\"=?utf-8?B?TcO8bGxlci5wZGY=?=\"", "Müller.pdf"),
            ("attachment; filename=\"=?UTF-8?Q?M=C3=BCller_cv=2Epdf?=\"", "Müller cv.pdf"),
            ("attachment; filename==?utf-8?B?TcO8bGxlci5wZGY=?=", "Müller.pdf"),
            ("attachment; filename=\"=?utf-8?B?TcM=?= =?utf-8?B?vGxsZXIucGRm?=\"", "Müller.pdf"),
            ("attachment; filename=\"=?iso-8859-1?Q?M=FCller?=.pdf\"", "Müller.pdf"),
            ("attachment; filename=\"=?koi8-r?B?wcI=?=.pdf\"", ".pdf"),
            ("attachment; filename=\"a=?b?=.pdf\"", "a=?b?=.pdf"),
            ("form-data; name=file; filename=my%20cv.pdf", "my cv.pdf"),
            ("form-data; name=file; filename=\"M%C3%BCller%20%22cv%22.pdf\"", "Müller \"cv\".pdf"),
            ("form-data; name=file; filename=\"100%25.pdf\"", "100%25.pdf"),
            ("form-data; name=file; filename=\"50%.pdf\"", "50%.pdf"),
            ("form-data; name=file; filename=\"my cv%20.pdf\"", "my cv%20.pdf"),
            ("form-data; name=file; filename=\"%FF%20.pdf\"", "%FF%20.pdf"),
            ("attachment; filename*0*=UTF-8''M%C3%BC; filename*1=\"ller.pdf\"", "Müller.pdf"),
            ("attachment; filename*0=\"my \"; filename*1=\"cv.pdf\"", "my cv.pdf"),
            ("attachment; filename*=koi8-r''%C1%C2.pdf", "file.pdf"),
            ("attachment; filename*=koi8-r''cv%C1.pdf", "cv.pdf"),
            ("attachment; filename*=koi8-r''%C1%C2", ""),
            ("attachment;; ;filename=x;", "x"),
            ("attachment; junk; filename=x", "x"),
            (#"form-data; name="file"; filename="a%22b%0D%0ac%41%2.pdf""#, "a\"b\r\nc%41%2.pdf"),
        ] as [(String, String?)])
    func `a file's name is read`(header: String, filename: String?) throws {
        let parsed = try #require(ContentDisposition(parsing: header))
        #expect(parsed.filename == filename)
    }

    @Test(arguments: [
        "", ";", "; filename=x", "attach ment", "a/b", #"attachment; filename="a"#, #"attachment; filename="a"b"#,
        #"attachment; filename="a "b"; c.txt""#, #"attachment; filename="a"; name="b"c"#, #"form-data; name="a"b"; filename=x"#,
        "attachment; filename=a; filename=b", "attachment; filename=a; FileName=b",
        "attachment; filename*=UTF-8''a; filename*=UTF-8''b", #"attachment; filename=a"b"#, "attachment; =x",
        #"attachment; "x"; filename=y"#,
    ])
    func `what readers may take differently is refused`(header: String) {
        #expect(ContentDisposition(parsing: header) == nil)
    }

    @Test(arguments: [
        (#"form-data; name="candidate[id]""#, "candidate[id]"),
        ("form-data; name=a", "a"),
        (#"form-data; name="a%22b%0D%0A%25""#, "a\"b\r\n%25"),
        (#"form-data; name="a\"b""#, "a\"b"),
        ("form-data; name=\"\u{1F600}\"", "\u{1F600}"),
        ("form-data; name*=utf-8''%C3%BC", "ü"),
        (#"form-data; name="""#, ""),
    ])
    func `a field's name is read`(header: String, name: String) throws {
        #expect(try #require(ContentDisposition(parsing: header)).name == name)
    }

    @Test(arguments: [
        ("cv.pdf", #"attachment; filename="cv.pdf""#),
        ("my cv.pdf", #"attachment; filename="my cv.pdf""#),
        ("Müller.pdf", #"attachment; filename="M_ller.pdf"; filename*=UTF-8''M%C3%BCller.pdf"#),
        (#"a"b.pdf"#, #"attachment; filename="a_b.pdf"; filename*=UTF-8''a%22b.pdf"#),
        ("50%.pdf", #"attachment; filename="50_.pdf"; filename*=UTF-8''50%25.pdf"#),
        ("../../etc/passwd", #"attachment; filename="passwd""#),
        ("a\r\nSet-Cookie: x=1", #"attachment; filename="aSet-Cookie: x=1""#),
        ("", #"attachment; filename="file""#),
    ])
    func `a safe header is written`(name: String, header: String) {
        #expect(ContentDisposition.attachment(filename: name) == header)
        #expect(ContentDisposition.inline(filename: name) == "inline" + header.dropFirst("attachment".count))
    }

    @Test(arguments: FileNameTests.hostile)
    func `no name injects anything, and each is read back`(name: String) throws {
        let header = ContentDisposition.attachment(filename: name)
        #expect(header.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(header.utf8.filter { $0 == UInt8(ascii: "\"") }.count == 2)
        #expect(try #require(ContentDisposition(parsing: header)).filename == FileName.sanitized(name))
    }
}
