import HTTPTypes
import JSON
import NIOCore

/// Unified calls that the gateway makes as parts of another.
enum StepCall {
    /// A call of the same account, without anything of the caller's.
    static func base(_ call: UnifiedCall) -> UnifiedCall {
        var call = call
        call.id = nil
        call.body = nil
        call.isStep = true
        call.willSend = nil
        call.sagaLog = nil
        call.rangeFields = [:]
        call.wantsFileDigest = false
        call.parameters = CommonParameters()
        return call
    }

    /// Makes a call; its response as JSON.
    static func document(_ call: UnifiedCall, _ service: UnifiedService) async throws -> JSONValue? {
        var found: JSONValue?
        try await service.perform(call) { response in
            guard let text = response.document?.text else { return }
            found = try JSONValue.parse(Array(text.readableBytesView))
        }
        return found
    }
}
