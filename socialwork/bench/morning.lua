-- What 2,000 people ask for on a working morning: lines of "method cookies path body", chosen at random, with pauses.
local lines, pause = {}, tonumber(os.getenv("MORNING_PAUSE"))
for line in io.lines(os.getenv("MORNING_LINES")) do lines[#lines + 1] = line end

function init() math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 100000) end

function delay() return math.floor(-math.log(1 - math.random()) * pause) end

function request()
  local method, cookies, path, body = lines[math.random(#lines)]:match("^(%S+) (%S+) (%S+) ?(%S*)$")
  local headers = { Cookie = cookies }
  if method == "POST" then
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    headers["X-CSRFToken"] = cookies:match("csrftoken=(%w+)")
  end
  return wrk.format(method, path, headers, body)
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.timeout + summary.errors.connect + summary.errors.read
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, failed, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
