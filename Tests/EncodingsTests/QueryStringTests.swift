import Encodings
import JSON
import Testing

struct QueryStringTests {
    @Test(arguments: [
        ("", "{}"),
        ("&&", "{}"),
        ("a", #"{"a":""}"#),
        ("a=", #"{"a":""}"#),
        ("next_cursor=&limit=1", #"{"next_cursor":"","limit":"1"}"#),
        ("a=b=c", #"{"a":"b=c"}"#),
        ("a=x+y%20z%2B", #"{"a":"x y z+"}"#),
        ("a=%C3%BC", #"{"a":"ü"}"#),
        ("a=%", #"{"a":"%"}"#),
        ("a=%zz&b=%FF", #"{"a":"%zz","b":"%FF"}"#),
        ("foo[bar]=baz&foo[bar1][bar2]=baz2", #"{"foo":{"bar":"baz","bar1":{"bar2":"baz2"}}}"#),
        ("foo%5Bbar%5D=baz", #"{"foo":{"bar":"baz"}}"#),
        ("foo%5bbar%5d=baz", #"{"foo":{"bar":"baz"}}"#),
        ("a[b=c]=1", #"{"a":{"b=c":"1"}}"#),
        ("a%5Bb=c%5D=1", #"{"a":{"b=c":"1"}}"#),
        ("a=b]=c", #"{"a":"b]=c"}"#),
        ("created_at[gt]=2024-01-01T00:00:00Z", #"{"created_at":{"gt":"2024-01-01T00:00:00Z"}}"#),
    ])
    func `parameters and nesting`(query: String, json: String) throws {
        #expect(try QueryString.parse(query) == JSONValue.parse(json).object)
    }

    @Test(arguments: [
        ("a[]=1", #"{"a":["1"]}"#),
        ("a[]=1&a[]=2", #"{"a":["1","2"]}"#),
        ("a=1&a=2", #"{"a":["1","2"]}"#),
        ("a=1&b=x&a=2", #"{"a":["1","2"],"b":"x"}"#),
        ("a=1&a[]=2", #"{"a":["1","2"]}"#),
        ("a[]=1&a=2", #"{"a":["1","2"]}"#),
        ("a[0]=x&a[1]=y", #"{"a":["x","y"]}"#),
        ("a[1]=y&a[0]=x", #"{"a":["x","y"]}"#),
        ("a[5]=y&a[2]=x", #"{"a":["x","y"]}"#),
        ("a[21]=y&a[2]=x", #"{"a":["x","y"]}"#),
        ("a[1000]=y", #"{"a":{"1000":"y"}}"#),
        ("a[999999999999999999999]=y", #"{"a":{"999999999999999999999":"y"}}"#),
        ("a[01]=y", #"{"a":{"01":"y"}}"#),
        ("a[-1]=y", #"{"a":{"-1":"y"}}"#),
        ("a[0]=x&a[b]=y", #"{"a":{"0":"x","b":"y"}}"#),
        ("a[b]=y&a[0]=x", #"{"a":{"b":"y","0":"x"}}"#),
        ("a[][b]=1", #"{"a":[{"b":"1"}]}"#),
        ("foo[]=bar&foo[][bar1]=baz1", #"{"foo":["bar",{"bar1":"baz1"}]}"#),
        ("a[0][b]=1&a[0][c]=2&a[1][b]=3", #"{"a":[{"b":"1","c":"2"},{"b":"3"}]}"#),
        ("a[b][]=1&a[b][]=2", #"{"a":{"b":["1","2"]}}"#),
        ("a[b][0]=1&a[b][1]=2", #"{"a":{"b":["1","2"]}}"#),
        ("a=1&a[b]=2", #"{"a":["1",{"b":"2"}]}"#),
        ("a[b]=2&a=c", #"{"a":{"b":"2","c":true}}"#),
        ("a[b]=2&a=", #"{"a":{"b":"2"}}"#),
    ])
    func `arrays in every way`(query: String, json: String) throws {
        #expect(try JSONValue.object(QueryString.parse(query)).text() == json)
    }

    @Test(arguments: [
        ("a[b=1", #"{"a[b":"1"}"#),
        ("a]b=1", #"{"a]b":"1"}"#),
        ("[]=1", #"{"0":"1"}"#),
        ("[a]=1", #"{"a":"1"}"#),
        ("[0]=1", #"{"0":"1"}"#),
        ("a[b]c[d]=1", #"{"a":{"b":{"d":"1"}}}"#),
        ("=1", #"{"":"1"}"#),
        ("__proto__=1&a[__proto__][x]=1&b=2", #"{"b":"2"}"#),
        ("constructor=1&a[hasOwnProperty]=2", #"{"constructor":"1","a":{"hasOwnProperty":"2"}}"#),
    ])
    func `odd and hostile names`(query: String, json: String) throws {
        #expect(try JSONValue.object(QueryString.parse(query)).text() == json)
    }

    @Test func `twenty brackets are the deepest`() throws {
        let brackets = { (depth: Int) in "a" + String(repeating: "[b]", count: depth) + "=1" }
        #expect(try QueryString.parse(brackets(20)).count == 1)
        let error = #expect(throws: QueryError.self) { try QueryString.parse(brackets(21)) }
        #expect(error?.code == .tooDeep)
    }

    @Test func `a thousand parameters are the most`() throws {
        let query = { (count: Int) in (0..<count).map { "a[\($0)]=\($0)" }.joined(separator: "&") }
        #expect(try QueryString.parse(query(1_000))["a"]?.array?.count == 1_000)
        let error = #expect(throws: QueryError.self) { try QueryString.parse(query(1_001)) }
        #expect(error?.code == .tooMany)
    }

    @Test(
        arguments: [
            (.comma, "a=x,y,z|o[b]=1|t=true|m[0][k]=v"), (.brackets, "a[]=x|a[]=y,z|o[b]=1|t=true|m[][k]=v"),
            (.indices, "a[0]=x|a[1]=y,z|o[b]=1|t=true|m[0][k]=v"), (.repeated, "a=x|a=y,z|o[b]=1|t=true|m[0][k]=v"),
        ] as [(QueryString.ArrayFormat, String)])
    func `every array format is written`(format: QueryString.ArrayFormat, query: String) {
        let tree: JSONObject = [
            "a": ["x", "y,z"], "o": ["b": 1], "n": nil, "t": true, "m": [["k": "v"]], "none": [], "empty": [:],
        ]
        #expect(QueryString.flattened(tree, arrays: format).map { "\($0.name)=\($0.value)" }.joined(separator: "|") == query)
    }

    @Test(arguments: [QueryString.ArrayFormat.indices, .brackets, .repeated])
    func `what is written is read back`(format: QueryString.ArrayFormat) throws {
        let tree: JSONObject = ["a b&c=d": "é+%&=#?/", "list": ["1", "2"], "deep": ["er": ["x": "\"[]"]]]
        let query = URLEncodedForm.text(QueryString.flattened(tree, arrays: format))
        #expect(try QueryString.parse(query) == tree)
    }

    @Test func `fields of a form nest, with JSON values kept`() throws {
        let tree = try NestedFields.tree([
            ("candidate[id]", "42"), ("remote_data[tags][]", "a"), ("remote_data[tags][]", "b"),
            ("remote_data", ["source": ["x": 1]]), ("remote_data[source][y]", true),
        ])
        let expected = #"{"candidate":{"id":"42"},"remote_data":{"tags":["a","b"],"source":{"x":1,"y":true}}}"#
        #expect(JSONValue.object(tree).text() == expected)
    }
}
