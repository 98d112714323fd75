import Testing

@Suite struct PipelinesPlaceholder {}
