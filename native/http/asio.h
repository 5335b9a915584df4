// The names of Boost.Asio and Boost.Beast that the folder uses.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/system/error_code.hpp>

namespace lockstep::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using beast::http::field;
using ErrorCode = boost::system::error_code;

}  // namespace lockstep::http
