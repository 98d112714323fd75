import Testing

@Suite struct InputsPlaceholder {}
