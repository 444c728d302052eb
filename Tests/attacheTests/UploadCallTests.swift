import JSON
import Testing

@testable import attache

struct UploadCallTests {
    private func call(_ gateway: String, _ remoteQuery: [KeyValue] = []) -> UploadCall {
        UploadCall(gateway: gateway, token: "t", account: "a-1", remoteQuery: remoteQuery)
    }

    @Test(arguments: ["https://gate.example", "https://gate.example/", "https://gate.example//"])
    func `slashes at the gateway's end do not matter`(gateway: String) throws {
        #expect(
            try call(gateway).address()
                == "https://gate.example/unified/ats/attachments?integrated_account_id=a-1"
        )
    }

    @Test func `remote query parameters are escaped whole`() throws {
        let address = try call("http://h", [KeyValue(key: "perform_as", value: "ä&=/ +")]).address()
        #expect(address.hasSuffix("&remote_query%5Bperform_as%5D=%C3%A4%26%3D%2F%20%2B"))
    }

    @Test(arguments: ["gate.example", "ftp://gate.example", ""])
    func `an address without http is refused`(gateway: String) {
        #expect(throws: CommandError.self) { try call(gateway).address() }
    }

    @Test(arguments: [
        (
            413, #"{"message":"The file is larger than 30 MB","code":"file_too_large","hint":"Make it smaller","request_id":"req_1"}"#,
            "The file is larger than 30 MB (HTTP 413, file_too_large, req_1). Make it smaller"
        ),
        (502, #"{"message":""}"#, "The gateway gave no reason (HTTP 502)"),
        (500, "null", "The gateway gave no reason (HTTP 500)"),
    ])
    func `a failure tells message, code, id and hint`(status: Int, body: String, line: String) throws {
        #expect(UploadCall.failure(status, try JSONValue.parse(body)).description == line)
    }
}
