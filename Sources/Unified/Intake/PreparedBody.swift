import JSON

/// The body of a call that the gateway makes itself as a step of another.
package struct PreparedBody: Sendable {
    var body: JSONObject
    var remoteData: JSONObject?
    var file: SagaFile?
}

/// One of several files of a request, kept until the vendor has it.
struct SagaFile: Sendable {
    var file: SpooledFile
    var name: String?
    var contentType: String?
}
