import Testing

@Suite struct RegistersPlaceholder {}
