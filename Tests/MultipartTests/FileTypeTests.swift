import Testing

@testable import Multipart

struct FileTypeTests {
    @Test(
        arguments: [
            ("cv.pdf", "application/pdf"), ("CV.PDF", "application/pdf"), ("a.b.txt", "text/plain"), ("cv", nil), ("cv.", nil),
            ("cv.unknown", nil), (".pdf", "application/pdf"),
        ] as [(String, String?)])
    func `a name's extension gives a type`(name: String, type: String?) { #expect(FileType.type(ofName: name) == type) }

    @Test(
        arguments: [
            ("application/pdf", "file.pdf"), ("text/plain; charset=utf-8", "file.txt"), ("IMAGE/JPEG", "file.jpg"),
            ("x/y", "file"), ("nonsense", "file"), (nil, "file"),
        ] as [(String?, String)])
    func `a type gives a name`(type: String?, name: String) { #expect(FileType.name(ofType: type) == name) }

    @Test(arguments: ["file", "file[]", "file[0]", "file[12]", "files[]", "files[0]"])
    func `fields that hold the file`(name: String) { #expect(FileFieldName.isFile(name)) }

    @Test(arguments: ["File", "files", "resume", "data", "file[a]", "file[", "file[]x", "xfile[]", "", "files[-1]"])
    func `fields that do not`(name: String) { #expect(!FileFieldName.isFile(name)) }
}
