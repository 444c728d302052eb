import Multipart
import Testing

@testable import Unified

/// What a caller is told of a body that cannot be read.
struct `A body that cannot be read` {
    @Test(
        arguments: [
            (.truncated, true, "invalid_json", "Content-Length"), (.truncated, false, "invalid_multipart", "closing boundary"),
            (.notJSON, true, "invalid_json", "JSON object"), (.notAnObject, true, "invalid_body", "JSON object"),
            (.ambiguousText, false, "invalid_body", "file_name"), (.undecodableFile, true, "invalid_file", "base64"),
            (.invalidBase64, true, "invalid_file", "base64"), (.standInForFile, false, "invalid_file", "content"),
            (.addressInFile, true, "invalid_file", "file_url"), (.duplicateFile, true, "too_many_files", "each file"),
            (.notAForm, false, "unsupported_media_type", "multipart/form-data"), (.tooLarge, false, "body_too_large", "less"),
            (.tooMany, true, "invalid_json", "nothing else"), (.tooMany, false, "invalid_multipart", "nothing else"),
            (.tooDeep, true, "invalid_json", "nothing else"), (.invalidBoundary, false, "invalid_multipart", "Content-Type"),
            (.boundaryNotFound, false, "invalid_multipart", "boundary"), (.malformedBoundaryLine, false, "invalid_multipart", "CRLF"),
            (.bareLineBreak, false, "invalid_multipart", "CRLF"), (.malformedHead, false, "invalid_multipart", "library"),
            (.unnamedPart, false, "invalid_multipart", "name="), (.transferEncoding, false, "invalid_multipart", "as they are"),
            (.unreadableName, false, "invalid_multipart", "%22"),
        ] as [(FormError.Code, Bool, String, String)])
    func `has a code, and says what to do`(code: FormError.Code, isJSON: Bool, name: String, hint: String) {
        let error = APIError(FormError(code, "it is wrong", part: "p"), isJSON: isJSON)
        #expect(error.code.name == name)
        #expect(error.hint?.contains(hint) == true, "\(error.hint ?? "none")")
        #expect(error.message == "It is wrong" && error.param == "p")
    }

    @Test func `keeps the letters behind the first as they are`() {
        #expect(APIError(FormError(.tooLarge, "a Form is TOO large"), isJSON: false).message == "A Form is TOO large")
        #expect(APIError(FormError(.tooLarge, ""), isJSON: false).message == "")
    }
}
