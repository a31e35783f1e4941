using Microsoft.Extensions.Options;

namespace RlhfV.Extensions.AI;

/// <summary>Checks what the options' annotations say, by code that is generated at compile time.</summary>
[OptionsValidator]
internal sealed partial class OptionsAnnotationsValidator : IValidateOptions<RlhfVChatClientOptions>;
