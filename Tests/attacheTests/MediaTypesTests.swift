import Testing

@testable import attache

@Test(arguments: [
    ("cv.pdf", "application/pdf"), ("CV.PDF", "application/pdf"), ("a.b.txt", "text/plain"),
    ("cv", "application/octet-stream"), (".pdf", "application/octet-stream"), ("cv.", "application/octet-stream"),
    ("cv.unheard", "application/octet-stream"),
])
func `the media type is told from the end of the name`(name: String, type: String) {
    #expect(MediaTypes.type(ofFile: name) == type)
}

@Test(arguments: [("a=b", "a", "b"), ("a=", "a", ""), ("a=b=c", "a", "b=c")])
func `a pair is parted at its first equals sign`(argument: String, key: String, value: String) {
    #expect(KeyValue(argument: argument) == KeyValue(key: key, value: value))
}

@Test(arguments: ["", "a", "=b"])
func `a pair without a name or a sign is refused`(argument: String) {
    #expect(KeyValue(argument: argument) == nil)
}
