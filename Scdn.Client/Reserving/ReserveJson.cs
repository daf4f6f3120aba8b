using System.Text.Json;
using System.Text.Json.Serialization;
using Scdn.Format;

namespace Scdn.Client.Reserving;

/// <summary>How what is kept of reservations is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReservedRecord))]
internal sealed partial class ReserveJson : JsonSerializerContext;

/// <summary>What is kept of a reservation beside what was fetched.</summary>
/// <param name="Content">The content.</param>
/// <param name="Title">Its title; empty before it is known.</param>
/// <param name="Site">Where it comes from.</param>
/// <param name="User">Whose account plays it.</param>
/// <param name="Session">In which session the play is counted.</param>
/// <param name="Play">The play's id there.</param>
/// <param name="AllBytes">Stored bytes of all of it; 0 before they are known.</param>
internal sealed record ReservedRecord(ContentId Content, string Title, Uri? Site, string User, SessionId? Session, Guid Play, long AllBytes);
