using System.Text.Json.Serialization;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Configurations;
using Scdn.Grains.ContentKeys;
using Scdn.Grains.ContentServers;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Devices;
using Scdn.Grains.Downloads;
using Scdn.Grains.FolderFiles;
using Scdn.Grains.Licences;
using Scdn.Grains.Manifests;
using Scdn.Grains.MasterKeys;
using Scdn.Grains.Operators;
using Scdn.Grains.Replicas;
using Scdn.Grains.Sessions;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Streams;
using Scdn.Grains.Upkeep;
using Scdn.Grains.Users;

namespace Scdn.Grains;

/// <summary>How every grain's state is written in the store. A member that a state does not know is passed over, one that is missing has its default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AuthKeyState))]
[JsonSerializable(typeof(ConfigurationState))]
[JsonSerializable(typeof(ContentKeyState))]
[JsonSerializable(typeof(ContentServerState))]
[JsonSerializable(typeof(ControlHostState))]
[JsonSerializable(typeof(DevicesState))]
[JsonSerializable(typeof(DownloadState))]
[JsonSerializable(typeof(FolderFileState))]
[JsonSerializable(typeof(JoinTokenState))]
[JsonSerializable(typeof(LicenceState))]
[JsonSerializable(typeof(ManifestState))]
[JsonSerializable(typeof(MasterKeyHolderState))]
[JsonSerializable(typeof(MasterKeyState))]
[JsonSerializable(typeof(OperatorState))]
[JsonSerializable(typeof(OperatorTokenState))]
[JsonSerializable(typeof(RemovedOwnersState))]
[JsonSerializable(typeof(ReplicaState))]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(SigningKeyState))]
[JsonSerializable(typeof(StreamsState))]
[JsonSerializable(typeof(TurnState))]
[JsonSerializable(typeof(UserSessionState))]
[JsonSerializable(typeof(UserState))]
internal sealed partial class GrainJson : JsonSerializerContext;
