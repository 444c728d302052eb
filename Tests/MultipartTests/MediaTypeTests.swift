import Multipart
import Testing

struct MediaTypeTests {
    @Test(arguments: [
        ("multipart/form-data; boundary=abc", "abc"),
        ("Multipart/Form-Data;BOUNDARY=abc", "abc"),
        (#"multipart/form-data; boundary="a b:c?=/'()+_,-.""#, "a b:c?=/'()+_,-."),
        ("multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundaryx", "----WebKitFormBoundaryx"),
        ("multipart/form-data; boundary=a=b", "a=b"),
        ("multipart/form-data; boundary=" + String(repeating: "x", count: 70), String(repeating: "x", count: 70)),
    ])
    func `a boundary is read`(type: String, boundary: String) throws {
        #expect(try #require(MediaType(type)).boundary() == boundary)
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", #"multipart/form-data; boundary="""#,
        #"multipart/form-data; boundary="a ""#, "multipart/form-data; boundary=a*b", "multipart/form-data; boundary=\"a\rb\"",
        "multipart/form-data; boundary=ü", "multipart/form-data; boundary=" + String(repeating: "x", count: 71),
    ])
    func `a boundary against the rules is refused`(type: String) throws {
        let type = try #require(MediaType(type))
        #expect(fault { try type.boundary() }?.code == .invalidBoundary)
    }

    @Test(arguments: ["", "text", "text/", "/plain", "a/b/c", "a b/c", "a/b; x=1; x=2", #"a/b; x="1"#])
    func `what is no media type is none`(type: String) {
        #expect(MediaType(type) == nil)
    }

    @Test(arguments: [
        ("application/json", true), ("Application/JSON; charset=utf-8", true), ("application/ld+json", true),
        ("text/plain", false), ("application/jsonp", false),
    ])
    func `JSON is recognised`(type: String, isJSON: Bool) throws {
        #expect(try #require(MediaType(type)).isJSON == isJSON)
    }
}
