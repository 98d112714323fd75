import Storage
import Testing

@Suite struct StoreTests {
  @Test func placeholder() {}
}
