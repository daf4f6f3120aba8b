using System.Text.Json.Serialization;

namespace Scdn.Format.Tests;

internal sealed record TestClaims(string Subject, long Expires);

[JsonSerializable(typeof(TestClaims))]
internal sealed partial class TestJson : JsonSerializerContext;
