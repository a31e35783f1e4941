using System.Text.Json;
using RlhfV.Models.Architectures;

namespace RlhfV.Models.Adapters;

/// <summary>What <c>adapter_config.json</c> says of a plain LoRA adapter (arXiv 2106.09685): <c>y = W x + alpha / rank * B (A x)</c>.</summary>
/// <param name="Rank">Rows of A and columns of B, 1 to 4,096.</param>
/// <param name="Alpha">Scale of the correction, above 0; divided by the rank.</param>
/// <param name="Dropout">Share of the inputs of A that was dropped in training, 0 or more, below 1; nothing is dropped in use.</param>
public sealed record PeftSettings(int Rank, double Alpha, double Dropout)
{
    /// <summary>What the product of the two matrices is multiplied with.</summary>
    public double Scale => Alpha / Rank;

    // What changes the mathematics, or adds weights that are not matrices A and B. Anything else in the file is for training or for the record.
    private static readonly string[] Flags = ["use_dora", "use_rslora", "use_qalora", "fan_in_fan_out", "lora_bias"];
    private static readonly string[] Extras =
        ["rank_pattern", "alpha_pattern", "modules_to_save", "layer_replication", "target_parameters", "trainable_token_indices"];

    internal static PeftSettings Read(string file)
    {
        ConfigReader config = ConfigReader.Open(file);
        config.RequireOneOf("peft_type", string.Empty, ["LORA"]);
        Refuse(["bias"], value => value.ValueKind != JsonValueKind.String || value.GetString() != "none");
        Refuse(Flags, value => value.ValueKind != JsonValueKind.False);
        Refuse(Extras, value => value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Any(),
            JsonValueKind.Array => value.GetArrayLength() > 0,
            _ => true,
        });
        long rank = config.Integer(Required("r"), 0);
        double alpha = config.Number(Required("lora_alpha"), 0);
        double dropout = config.Number("lora_dropout", 0);
        Check(rank is >= 1 and <= 4096, "r", rank, "1 to 4096");
        Check(alpha is > 0 and < double.PositiveInfinity, "lora_alpha", alpha, "a number above 0");
        Check(dropout is >= 0 and < 1, "lora_dropout", dropout, "0 or more, below 1");
        return new PeftSettings((int)rank, alpha, dropout);

        string Required(string key) => config.Has(key)
            ? key
            : throw new ModelFormatException($"'{file}' has no '{key}'; expected the adapter_config.json of a LoRA adapter of PEFT.");

        void Refuse(string[] keys, Func<JsonElement, bool> unsupported)
        {
            foreach (string key in keys.Where(key => config.Has(key) && unsupported(config.Json.GetProperty(key))))
            {
                throw new ModelFormatException(
                    $"'{file}': '{key}' is {config.Json.GetProperty(key).GetRawText()}, which is not supported; expected plain LoRA. "
                    + "Merge the adapter into its model with PEFT (merge_and_unload) and load the result.");
            }
        }

        void Check(bool good, string key, double found, string expected)
        {
            if (!good)
            {
                throw new ModelFormatException(FormattableString.Invariant($"'{file}': '{key}' is {found}; expected {expected}."));
            }
        }
    }
}
