@testable import Catalog
import JSON
import Testing
@testable import Unified

/// Whose fault a call is said to be that the catalog could not make or read.
struct CatalogFaultTests {
    @Test(
        arguments: [
            (.badResponse, .badProviderResponse), (.badCursor, .invalidQueryParameter), (.notMapped, .methodNotSupported),
            (.expressionFailed, .mappingFailed), (.tooExpensive, .mappingTooExpensive), (.hostNotAllowed, .egressRefused),
        ] as [(CatalogError.Code, APIError.Code)])
    func `is the caller's, the provider's or the definition's`(fault: CatalogError.Code, code: APIError.Code) {
        #expect(APIError(CatalogError(fault, "something is wrong"), plan: nil, query: [:]).code == code)
    }
}
