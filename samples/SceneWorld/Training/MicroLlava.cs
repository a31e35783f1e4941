using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;
using static TorchSharp.torch;

namespace SceneWorld.Training;

/// <summary>The micro LLaVA-1.5: the product's own classes at a size that a laptop trains, about 2 million parameters.</summary>
public static class MicroLlava
{
    /// <summary>The configuration in the Hugging Face layout.</summary>
    /// <param name="vocabularySize">Rows of the token table.</param>
    /// <param name="imageTokenId">Id of the image token.</param>
    public static JsonElement Config(int vocabularySize, int imageTokenId)
    {
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("LlavaForConditionalGeneration"),
            ["model_type"] = "llava",
            ["torch_dtype"] = "float16",
            ["image_token_index"] = imageTokenId,
            ["projector_hidden_act"] = "gelu",
            ["vision_feature_layer"] = -2,
            ["vision_feature_select_strategy"] = "default",
            ["tie_word_embeddings"] = false,
            ["vision_config"] = new JsonObject
            {
                ["model_type"] = "clip_vision_model",
                ["image_size"] = 112,
                ["patch_size"] = 16,
                ["hidden_size"] = 128,
                ["intermediate_size"] = 512,
                ["num_hidden_layers"] = 5,
                ["num_attention_heads"] = 4,
                ["hidden_act"] = "quick_gelu",
                ["layer_norm_eps"] = 1e-5,
                ["projection_dim"] = 128,
            },
            ["text_config"] = new JsonObject
            {
                ["model_type"] = "llama",
                ["vocab_size"] = vocabularySize,
                ["hidden_size"] = 128,
                ["intermediate_size"] = 352,
                ["num_hidden_layers"] = 4,
                ["num_attention_heads"] = 4,
                ["num_key_value_heads"] = 4,
                ["max_position_embeddings"] = 512,
                ["rms_norm_eps"] = 1e-5,
                ["rope_theta"] = 10000.0,
                ["hidden_act"] = "silu",
            },
        };
        return JsonSerializer.SerializeToElement(config);
    }

    /// <summary>The image preprocessing in the Hugging Face layout.</summary>
    public static JsonElement PreprocessorConfig { get; } = JsonSerializer.SerializeToElement(new JsonObject
    {
        ["image_processor_type"] = "CLIPImageProcessor",
        ["do_convert_rgb"] = true,
        ["do_resize"] = true,
        ["size"] = new JsonObject { ["shortest_edge"] = 112 },
        ["resample"] = 3,
        ["do_center_crop"] = true,
        ["crop_size"] = new JsonObject { ["height"] = 112, ["width"] = 112 },
        ["do_rescale"] = true,
        ["rescale_factor"] = 1 / 255.0,
        ["do_normalize"] = true,
        ["image_mean"] = new JsonArray(0.48145466, 0.4578275, 0.40821073),
        ["image_std"] = new JsonArray(0.26862954, 0.26130258, 0.27577711),
    });

    /// <summary>A network with random weights: normal with standard deviation 0.02 (projections back into the residual stream scaled down), norms 1, biases 0.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="seed">Seed of the weights.</param>
    public static LlavaNetwork CreateNetwork(JsonElement config, long seed)
    {
        LlavaConfig sizes = LlavaConfig.Read(config);
        var network = new LlavaNetwork(sizes);
        using var generator = new Generator((ulong)seed);
        using IDisposable mode = no_grad();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                parameter.zero_();
            }
            else if (name.Contains("norm", StringComparison.Ordinal) || name.Contains("layrnorm", StringComparison.Ordinal))
            {
                parameter.fill_(1);
            }
            else
            {
                parameter.normal_(0, StandardDeviation(name, parameter, sizes), generator);
            }
        }

        return network;
    }

    /// <summary>The processor: LLaVA's chat text, and pictures of 112 x 112 normalised as CLIP does.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    public static VisionLanguageProcessor CreateProcessor(TextTokenizer tokenizer)
    {
        string placeholder = string.Concat(Enumerable.Repeat("<image>", 49));
        return new VisionLanguageProcessor(
            tokenizer, ImageProcessor.FromJson(PreprocessorConfig, "llava"), ChatTemplate.Llava, "<image>", _ => placeholder, "</s>");
    }

    private static double StandardDeviation(string name, Tensor parameter, LlavaConfig sizes)
    {
        if (parameter.dim() < 2 || name.Contains("embed", StringComparison.Ordinal))
        {
            return 0.02;
        }

        double fanIn = parameter.numel() / (double)parameter.shape[0];
        double deviation = 1 / Math.Sqrt(fanIn) * 0.6;
        bool residual = name.Contains("o_proj", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal)
            || name.Contains("out_proj", StringComparison.Ordinal) || name.Contains("fc2", StringComparison.Ordinal);
        int layers = name.StartsWith("vision_tower", StringComparison.Ordinal) ? sizes.Vision.Layers : sizes.Text.Layers;
        return residual ? deviation / Math.Sqrt(2 * layers) : deviation;
    }
}
